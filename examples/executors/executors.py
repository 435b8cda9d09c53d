"""Executors in Python, on a task queue of their own: definitions call them with `taskQueue: python`.

    python3 -m pip install -r examples/executors/requirements.txt
    python3 examples/executors/executors.py
"""

import asyncio
import contextvars
import dataclasses
import json
import os
import signal
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor, Worker

# The header that Weft sends with every task: execution, path, idempotency key.
TASK_HEADER = "weft-task"
task: contextvars.ContextVar[dict[str, Any]] = contextvars.ContextVar("task")


@dataclasses.dataclass
class Text:
    text: str


# The activity's type is the executor's name, its one argument is `with`.
@activity.defn(name="count-words")
async def count_words(given: Text) -> dict[str, Any]:
    return {"words": len(given.text.split()), "key": task.get()["idempotencyKey"]}


@dataclasses.dataclass
class Job:
    copies: int
    paper: int = 1_000


@activity.defn(name="print-copies")
async def print_copies(given: Job) -> dict[str, Any]:
    if given.copies < 0:
        # The type is the code that `retry.nonRetryable`, `catch` and `$error.code` see.
        raise ApplicationError("Fewer than no copies", type="COPIES_INVALID", non_retryable=True)
    for done in range(given.copies):
        if done >= given.paper * activity.info().attempt:
            raise ApplicationError(f"No paper after {done} copies", type="OUT_OF_PAPER")
        # Says that it lives, and is how a cancellation arrives: as asyncio.CancelledError where it awaits.
        activity.heartbeat(done)
        await asyncio.sleep(0.02)
    return {"printed": given.copies, "attempt": activity.info().attempt}


class TaskInterceptor(Interceptor):
    """Keeps the task for the activity, and tells Weft which attempt failed."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        return _TaskInbound(next)


class _TaskInbound(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        header = input.headers.get(TASK_HEADER)
        task.set({} if header is None else json.loads(header.data))
        try:
            return await super().execute_activity(input)
        except ApplicationError as error:
            attempt = {"attempt": activity.info().attempt}
            raise ApplicationError(
                error.message,
                attempt,
                type=error.type,
                non_retryable=error.non_retryable,
                next_retry_delay=error.next_retry_delay,
            ) from error


async def main() -> None:
    client = await Client.connect(
        os.environ.get("TEMPORAL_ADDRESS", "127.0.0.1:7233"),
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    worker = Worker(
        client,
        task_queue=os.environ.get("PYTHON_TASK_QUEUE", "python"),
        activities=[count_words, print_copies],
        interceptors=[TaskInterceptor()],
    )
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with worker:
        print("python worker ready", flush=True)
        await stopping.wait()


if __name__ == "__main__":
    asyncio.run(main())
