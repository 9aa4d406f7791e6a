"""The API: JSON for the department's own systems, a process of its own inside its network.

`create_api` builds the Flask app. The public door (`webhooks.py`) serves none of it.
"""

from flask import Flask, Response, jsonify

from bot.api import callbacks, records
from bot.api.document import document_of
from bot.api.door import stand_at
from bot.runtime import Runtime

BLUEPRINTS = (callbacks.blueprint, records.blueprint)
VERSION = "1"  # of the API: it stands in every address
MOST_BYTES = 20 * 1024 * 1024  # of a request: a file of cases


def create_api(runtime: Runtime) -> Flask:
    """The API of this runtime."""
    app = Flask("bot.api", static_folder=None, template_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, PROVIDE_AUTOMATIC_OPTIONS=False)
    stand_at(app, runtime)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.extensions["document"] = document_of(app, VERSION)

    @app.get("/v1/openapi.json")
    def openapi() -> Response:
        return jsonify(app.extensions["document"])

    @app.get("/healthz")
    def healthz() -> Response:
        runtime.store.ping()
        return jsonify({"up": True})

    return app
