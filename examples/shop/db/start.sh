#!/bin/sh
# Makes the database at the first start of the container, then becomes PostgreSQL.
set -eu
export PGDATA=/var/lib/postgresql/data
PATH=$(echo /usr/lib/postgresql/*/bin):$PATH

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  initdb --username=postgres --auth=peer --encoding=UTF8 --no-sync > /dev/null

  # Only the service "app" of this deployment gets in: PostgreSQL sees the caller's own address, and /etc/hosts knows its name.
  echo "host mydb dbuser app.warp scram-sha-256" >> "$PGDATA/pg_hba.conf"
  printf '%s\n' "CREATE ROLE dbuser LOGIN PASSWORD 'secretpassword'" "CREATE DATABASE mydb" | postgres --single -F postgres > /dev/null
  postgres --single -F -j mydb < /products.sql > /dev/null
fi

exec postgres -c listen_addresses='*' -c port=3211
