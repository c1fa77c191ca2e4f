CREATE ROLE reader LOGIN PASSWORD 'Tr0ub4dor-and-3'; -- expect: AG0801 critical
CREATE ROLE writer LOGIN PASSWORD 'writer'; -- expect: AG0801 medium
SELECT count(*) FROM users WHERE password = '' OR password IS NULL;
