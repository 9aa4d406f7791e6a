"""The control pages for faults, under /simulator/faults: what is ordered, and what happened."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

from bot.simulator.faults.orders import Faults

blueprint = Blueprint("faults", __name__, url_prefix="/simulator/faults")


def _faults() -> Faults:
    return cast(Faults, current_app.extensions["network"].faults)


@blueprint.errorhandler(ValueError)
@blueprint.errorhandler(TypeError)
@blueprint.errorhandler(KeyError)
def wrong(error: Exception) -> tuple[Response, int]:
    """Something makes no sense, or was left out."""
    return jsonify({"error": str(error)}), 400


@blueprint.post("")
def order() -> Response:
    """Have something go wrong."""
    return jsonify(_faults().order(**request.get_json(force=True)).to_json())


@blueprint.get("")
def show() -> Response:
    """What was ordered and what has happened."""
    faults = _faults()
    return jsonify(
        {
            "orders": [each.to_json() for each in list(faults.orders)],
            "happened": [_happened(each._asdict()) for each in list(faults.happened)],
        }
    )


def _happened(fields: dict[str, Any]) -> dict[str, Any]:
    return fields | {"at": fields["at"].isoformat()}


@blueprint.delete("")
def clear() -> Response:
    """Let nothing go wrong from now on."""
    _faults().clear()
    return show()
