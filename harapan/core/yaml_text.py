"""Reading our YAML with libyaml where PyYAML was built with it: ten times quicker, and every command begins with it."""

from __future__ import annotations

from typing import Any

import yaml

Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str) -> Any:
    """Plain values, as `yaml.safe_load` gives them. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=Loader)  # noqa: S506 - one of the two safe ones
