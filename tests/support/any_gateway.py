"""The way to customers' API past a load balancer."""

import random

import httpx


class AnyGateway(httpx.BaseTransport):
    """A load balancer without a memory: each request goes to any gateway, and to another one when
    that one is away. Where all are, or none has its database, the request fails as on the way."""

    def __init__(self, urls: list[str], failed: list[Exception]) -> None:
        self._urls = urls
        self._failed = failed
        self._carrier = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        failure: Exception = httpx.ConnectError("no gateway answers")
        for url in random.sample(self._urls, len(self._urls)):
            target = httpx.URL(url).copy_with(raw_path=request.url.raw_path)
            aimed = httpx.Request(
                request.method, target, headers=request.headers, content=request.content,
                extensions=request.extensions,
            )  # fmt: skip
            try:
                answer = self._carrier.handle_request(aimed)
            except httpx.TransportError as error:
                failure = error
                continue
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                return answer
            answer.close()
            failure = httpx.ReadError("a gateway has no database now")
        self._failed.append(failure)
        raise failure

    def close(self) -> None:
        self._carrier.close()
