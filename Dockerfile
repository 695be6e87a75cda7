# The platform in one image: no compiler, no package cache, nobody with a password.
#
#   docker build -t coursewright .
#   docker run -p 8080:8080 -v coursewright:/data -e COURSEWRIGHT_SECRET_KEY=… coursewright
#
# Wheels from elsewhere, PyTorch's build for processors say: --build-arg PIP_EXTRA_INDEX_URL=…
# Without a way to a package index: `pip wheel -r requirements.txt -w wheels` on a machine that has one,
# with the same Python; wheels/ is then all that the build installs from.

FROM scratch AS pins
COPY requirements.txt wheels* /

FROM python:3.11-slim-bookworm AS packages
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
RUN python3 -m venv /opt/coursewright
RUN --mount=type=bind,from=pins,target=/pins \
    offline=$(ls /pins/*.whl >/dev/null 2>&1 && echo '--no-index --find-links=/pins' || true) \
    && /opt/coursewright/bin/pip install --no-cache-dir --disable-pip-version-check $offline -r /pins/requirements.txt \
    && /opt/coursewright/bin/pip uninstall --quiet --yes pip \
    && rm -rf /opt/coursewright/lib/python3.*/site-packages/torch/test \
              /opt/coursewright/lib/python3.*/site-packages/torch/include

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Coursewright"
ENV PATH=/opt/coursewright/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    COURSEWRIGHT_ENVIRONMENT=production \
    COURSEWRIGHT_HOST=0.0.0.0 \
    COURSEWRIGHT_PORT=8080 \
    COURSEWRIGHT_DATA_DIR=/data
RUN mkdir /data && chown 10001:10001 /data
COPY --from=packages /opt/coursewright /opt/coursewright
WORKDIR /srv/coursewright
COPY pyproject.toml ./
COPY storage ./storage
COPY services ./services
COPY components ./components
COPY pages ./pages
COPY app ./app
RUN python -m compileall -q .
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['COURSEWRIGHT_PORT'] + '/health/live', timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["python", "-m", "app"]
CMD ["serve"]
