"""The rule of each setup field: trimmed text in, what is stored out, or a `Mistake`."""
import re
from collections.abc import Mapping
from connection.errors import Mistake
def connection_name(value: str) -> str: return value
def tenant(value: str) -> str: return value
def client_id(value: str) -> str: return value
def user_name(value: str) -> str: return value
def environment_name(value: str) -> str: return value
def company_name(value: str) -> str: return value
def between_fields(setup: object) -> dict[str, str]: return {}
