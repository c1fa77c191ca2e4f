# An .env file, under a name that `semgrep --test` knows.
# ruleid: archguard-env-file-secret
DATABASE_PASSWORD=hunter2
# ruleid: archguard-env-file-secret
export SECRET_KEY="shop-signs-with-this"
# ok: archguard-env-file-secret
DATABASE_PASSWORD=
# ok: archguard-env-file-secret
DATABASE_HOST=db1.internal
# ok: archguard-env-file-secret
SECRET_KEY=changeme
# ok: archguard-env-file-secret
API_KEY=${API_KEY}
