export PGPASSWORD=Tr0ub4dor-and-3  # expect: AG0801 critical
pg_dump -h db shop | gzip > /backup/shop.gz
curl -H "Authorization: Bearer a1b2c3d4e5f60718293a" https://backup.example.com  # expect: AG0801 critical
