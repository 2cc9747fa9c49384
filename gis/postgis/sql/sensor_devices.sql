-- Every sensor as a device on the network.
SELECT sensor_id, device_eui, depth_cm::float8 FROM sensors
