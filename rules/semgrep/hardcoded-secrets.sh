#!/bin/sh
# ruleid: archguard-shell-secret
export DATABASE_PASSWORD=hunter2
# ruleid: archguard-shell-secret
PGPASSWORD=hunter psql -h db shop
# ruleid: archguard-shell-secret
curl -s -u shop:hunter2 https://ledger.internal/rates
# ok: archguard-shell-secret
export DATABASE_PASSWORD="$1"
# ok: archguard-shell-secret
PGPASSWORD="$DATABASE_PASSWORD" psql -h db shop
# ok: archguard-shell-secret
curl -u "$LEDGER_USER:$LEDGER_PASSWORD" https://ledger.internal/rates
# ok: archguard-shell-secret
SECRET_KEY=$(openssl rand -hex 32)
# ok: archguard-shell-secret
TOKEN_FILE=/run/secrets/token1

# Scripts and files for others are here too: `semgrep --test` takes only kinds of files that it knows.
psql <<'SQL'
-- # ruleid: archguard-sql-password
CREATE ROLE shop LOGIN PASSWORD 'hunter2';
-- # ruleid: archguard-sql-password
ALTER USER shop WITH ENCRYPTED PASSWORD 'hunter2';
-- # ruleid: archguard-sql-password
CREATE USER 'shop'@'%' IDENTIFIED BY 'hunter2';
-- # ok: archguard-sql-password
CREATE ROLE reader NOLOGIN;
-- # ok: archguard-sql-password
ALTER USER shop PASSWORD :'shop_password';
-- # ok: archguard-sql-password
ALTER USER shop PASSWORD 'changeme';
-- # ok: archguard-sql-password
SELECT password FROM users WHERE name = 'hunter2';
SQL

cat > shop.toml <<'TOML'
[database]
# ruleid: archguard-config-file-secret
password = "hunter2"
# ruleid: archguard-config-file-secret
api_key = "8f14e45fceea167a"
# ok: archguard-config-file-secret
password = "${DATABASE_PASSWORD}"
# ok: archguard-config-file-secret
password = ""
# ok: archguard-config-file-secret
token_url = "https://id.example.org/v2/token"
# ok: archguard-config-file-secret
secret = "arn:aws:secretsmanager:<region>"
TOML
