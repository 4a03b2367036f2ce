# One image, three uses: `serve` (the default), `worker` and `migrate`. How to run it: docs/operations.md.

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/podium
ENV PATH=/opt/podium/bin:$PATH
WORKDIR /source
# Packages change seldom and the code often: in this order a change of code reuses the installed packages.
COPY requirements-image.lock ./
RUN pip install --require-hashes --only-binary :all: --requirement requirements-image.lock
COPY pyproject.toml README.md LICENSE ./
COPY matching matching
COPY service service
COPY seeds seeds
RUN pip install --no-index --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN groupadd --system --gid 10001 podium \
    && useradd --system --uid 10001 --gid podium --home-dir /var/lib/podium --create-home podium
COPY --from=build /opt/podium /opt/podium
ENV PATH=/opt/podium/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PODIUM_VAR_DIR=/var/lib/podium \
    PODIUM_DATABASE_URL=sqlite:////var/lib/podium/podium.db
USER podium
WORKDIR /var/lib/podium
VOLUME /var/lib/podium
EXPOSE 8000
# The service answers only to its own name, so the check asks under the name of the base URL.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.parse, urllib.request as web; web.urlopen(web.Request('http://127.0.0.1:8000/health', headers={'Host': urllib.parse.urlsplit(os.environ.get('PODIUM_BASE_URL', 'http://127.0.0.1:8000')).netloc}), timeout=4)"]
ENTRYPOINT ["podium"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
