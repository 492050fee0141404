"""What our log keeps of what a server says."""

import logging


class SendersMistake(logging.Filter):
    """Text that is not UTF-8 closes its socket with 1007. uvicorn logs its own traceback; a line will do."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str) and record.msg.startswith("Invalid UTF-8"):
            record.exc_info = record.exc_text = None
        return True
