"""Logs by structlog, set up in the three ways there are for AsyncZ. Prints whether it is delivered."""

import structlog
from asyncz_companion import install_companion

handler = install_companion(source="structlog")
for name, last in {
    "wrap_for_formatter": structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    "render_to_log_kwargs": structlog.stdlib.render_to_log_kwargs,
    "JSONRenderer": structlog.processors.JSONRenderer(),
}.items():
    structlog.configure(
        logger_factory=structlog.stdlib.LoggerFactory(),
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            last,
        ],
    )
    logger = structlog.get_logger("asyncz.task").bind(task_id="daily")
    logger.info("Report built", by=name)
    try:
        raise ValueError("bad input")
    except ValueError:
        logger.exception("Report failed", by=name)
print(handler.outlet.flush(60), flush=True)
