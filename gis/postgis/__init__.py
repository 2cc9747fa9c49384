"""The database: embedded cluster, migrations, connection pool."""
