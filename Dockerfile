# Both stages follow the patch releases of Python 3.13; pin a digest where your registry tells one.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
RUN python -m venv --without-pip /opt/samebox
WORKDIR /src
COPY requirements/ requirements/
RUN pip --python /opt/samebox install --require-hashes -r requirements/run.txt \
    && pip install --require-hashes -r requirements/build.txt
COPY . .
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && pip --python /opt/samebox install --no-deps --no-index dist/*.whl

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Samebox" \
      org.opencontainers.image.description="Which records, in which systems, are the same box: cross-provider device deduplication for MSPs." \
      org.opencontainers.image.licenses="Apache-2.0"
RUN useradd --system --uid 10001 --home-dir /data --create-home --shell /usr/sbin/nologin samebox
COPY --from=build /opt/samebox /opt/samebox
# The database is /data/samebox.db, because it is made where samebox runs, unless Database__Url or its _FILE names another.
# Only /data and /tmp are written, so that the rest may be read-only.
# 0.0.0.0 counts once a key exists; until then the service listens on the container's own loopback only.
ENV PATH=/opt/samebox/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    Server__Host=0.0.0.0 \
    Server__Port=8000
USER 10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as web; web.build_opener(web.ProxyHandler({})).open(f'http://127.0.0.1:{os.environ[\"Server__Port\"]}/livez', timeout=4)"]
ENTRYPOINT ["samebox"]
CMD ["serve"]
