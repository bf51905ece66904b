"""Whether this installation can serve, for load balancers and people on call."""

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is up."""
    return HttpResponse("up\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """The database answers and every migration has been applied; else 503 with the reason."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return HttpResponse(f"the database {DEFAULT_DB_ALIAS!r} does not answer\n", "text/plain", status=503)
    if waiting:
        return HttpResponse(f"{len(waiting)} migrations are not applied\n", "text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
