"""A line that is cut at the worst moment: the server has done it, and nobody hears of that."""

import socket
import threading


class CutLine:
    """Passes everything on; the answer to the next script is not, once `cut_next` was called."""

    def __init__(self, port: int) -> None:
        self._server = ("127.0.0.1", port)
        self._ears = socket.create_server(("127.0.0.1", 0))
        self._to_cut = 0
        self.cut = 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """Where a client finds it."""
        return f"redis://127.0.0.1:{self._ears.getsockname()[1]}"

    def cut_next(self, scripts: int = 1, after: int = 0) -> None:
        """Cut the answers to so many scripts that come after the next `after` of them."""
        self._after, self._to_cut, self.cut = after, scripts, 0

    def close(self) -> None:
        """Let go of everything."""
        for each in (self._ears, *self._open):
            each.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._ears.accept()
            except OSError:
                return
            server = socket.create_connection(self._server)
            self._open += (client, server)
            threading.Thread(target=self._serve, args=(client, server), daemon=True).start()

    def _serve(self, client: socket.socket, server: socket.socket) -> None:
        try:
            while asked := client.recv(1 << 20):
                server.sendall(asked)
                answer = server.recv(1 << 20)
                if b"EVALSHA" in asked and not answer.startswith(b"-NOSCRIPT") and self._is_cut():
                    break
                client.sendall(answer)
        except OSError:
            pass
        finally:
            client.close()
            server.close()

    def _is_cut(self) -> bool:
        if not self._to_cut:
            return False
        if self._after:
            self._after -= 1
            return False
        self._to_cut -= 1
        self.cut += 1
        return True
