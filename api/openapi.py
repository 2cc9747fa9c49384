"""The OpenAPI document: what FastAPI knows, the messages of contracts/, the roles of each route."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.messages import components
from api.who import Allow


def describe_completely(app: FastAPI) -> None:
    """Make the app's OpenAPI document hold the schemas its routes refer to, and their roles."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
            )
            made.setdefault("components", {}).setdefault("schemas", {}).update(components())
            _name_roles(app, made["paths"])
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the way FastAPI documents


def _name_roles(app: FastAPI, paths: dict[str, Any]) -> None:
    """Write `x-roles` from the very dependency that lets callers in, so that it cannot differ."""
    for route in iter_route_contexts(app.routes):
        dependant = getattr(route, "dependant", None)
        if dependant is None or not getattr(route, "include_in_schema", False):
            continue
        if roles := _allowed(dependant):
            for method in route.methods or ():
                paths[str(route.path_format)][method.lower()]["x-roles"] = sorted(roles)


def _allowed(dependant: Dependant) -> set[str]:
    """Return the roles that pass every Allow on the way; empty where there is none."""
    own = (
        {str(role) for role in dependant.call.roles} if isinstance(dependant.call, Allow) else set()
    )
    for inner in dependant.dependencies:
        found = _allowed(inner)
        own = own & found if own and found else own | found
    return own
