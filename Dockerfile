# The server of a real site. It holds no database, no secrets and no tests: see docker-compose.yml.

FROM python:3.13-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=tracker.settings \
    TRACKER_ARTICLES=/var/lib/tracker/articles \
    GRANIAN_INTERFACE=wsgi GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WEBSOCKETS=false \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=4 GRANIAN_BACKPRESSURE=64 GRANIAN_RESPAWN_FAILED_WORKERS=true
RUN useradd --system --create-home --uid 10001 tracker \
    && install -d -o tracker -g tracker "$TRACKER_ARTICLES"
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# The files get their hashed names here, once, and the translations are compiled. Settings want a key to be read at all; this one signs nothing.
RUN SECRET_KEY=only-for-collecting-static-files python manage.py collectstatic --no-input --verbosity 0
USER tracker
VOLUME /var/lib/tracker/articles
EXPOSE 8000
# Asks under a name that the site answers to.
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "\
import os, urllib.request as web; \
name = (os.environ.get('ALLOWED_HOSTS') or 'localhost').split(',')[0].strip().lstrip('.').replace('*', 'localhost'); \
web.urlopen(web.Request('http://127.0.0.1:8000/healthz', headers={'Host': name}), timeout=4)"]
CMD ["granian", "tracker.wsgi:application"]
