FROM python:3.13-slim
# ruleid: archguard-dockerfile-secret
ENV DATABASE_PASSWORD=hunter2
# ruleid: archguard-dockerfile-secret
ENV PYTHONUNBUFFERED=1 SECRET_KEY=0a1b2c3d4e
# ruleid: archguard-dockerfile-secret
ARG NPM_TOKEN=0a1b2c3d4e5f6g7h
# ruleid: archguard-dockerfile-secret
ENV API_KEY "8f14e45fceea167a"
# ok: archguard-dockerfile-secret
ARG NPM_TOKEN
# ok: archguard-dockerfile-secret
ENV SECRET_KEY=$SECRET_KEY
# ok: archguard-dockerfile-secret
ENV DATABASE_PASSWORD=changeme
# ok: archguard-dockerfile-secret
ENV DATABASE_PASSWORD_FILE=/run/secrets/db1
