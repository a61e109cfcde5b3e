# syntax=docker/dockerfile:1
# Debian's own PgBouncer, which the tests run through, with the configuration of infra/pgbouncer.
ARG DEBIAN_IMAGE=debian:bookworm-slim
FROM ${DEBIAN_IMAGE}
RUN apt-get update && apt-get install -y --no-install-recommends pgbouncer && rm -rf /var/lib/apt/lists/*
COPY infra/pgbouncer/pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
# The one password it keeps comes from the environment, into memory: the file system is read-only.
RUN ln -sf /tmp/userlist.txt /etc/pgbouncer/userlist.txt
USER postgres
EXPOSE 6432
CMD ["sh", "-c", "umask 077 && printf '\"nova_pooler\" \"%s\"\\n' \"${POOLER_PASSWORD:?}\" > /tmp/userlist.txt && exec pgbouncer /etc/pgbouncer/pgbouncer.ini"]
