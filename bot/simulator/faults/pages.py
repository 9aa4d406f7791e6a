"""The control pages for faults, under /simulator/faults: what is ordered, and what happened."""

from typing import Any, cast

from flask import Blueprint, Response, current_app, jsonify, request

from bot.simulator.faults.orders import Faults

WORDS = ("fault", "kind", "times", "rate", "seconds", "where")

blueprint = Blueprint("faults", __name__, url_prefix="/simulator/faults")


def _faults() -> Faults:
    return cast(Faults, current_app.extensions["network"].faults)


@blueprint.errorhandler(ValueError)
def wrong(error: ValueError) -> tuple[Response, int]:
    """Something makes no sense, or was left out."""
    return jsonify({"error": str(error)}), 400


@blueprint.post("")
def order() -> Response:
    """Have something go wrong."""
    asked = request.get_json(force=True, silent=True)
    if not isinstance(asked, dict) or "fault" not in asked or asked.keys() - WORDS:
        raise ValueError(f"an object with fault, and perhaps {', '.join(WORDS[1:])}")
    if not isinstance(asked.get("where") or {}, dict):
        raise ValueError("where is an object of parameters and their values")
    return jsonify(_faults().order(**asked).to_json())


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
