"""A sentinel that names whom it is told to: a real one would soon be corrected by the others."""

import socketserver
import threading


class LyingSentinel:
    """Answers whoever asks for a master with one and the same port."""

    def __init__(self, port: int) -> None:
        host, named = b"127.0.0.1", str(port).encode()
        answer = b"*2\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n" % (len(host), host, len(named), named)

        class Answering(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                while asked := self.request.recv(1 << 16):
                    known = b"GET-MASTER-ADDR-BY-NAME" in asked
                    self.request.sendall(answer if known else b"+OK\r\n" * asked.count(b"*"))

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Answering)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """It answers nobody any more."""
        self._server.shutdown()
        self._server.server_close()
