"""Which trees need water: evapotranspiration, balance, cadastre, weather, forecast."""
