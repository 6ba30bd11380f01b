"""Refuses the blocks, messages and views that the real Slack refuses."""

from simulator.slack.blockkit.documents import (
    elements_in,
    faults_in_blocks,
    faults_in_view,
    too_large,
)

__all__ = ["elements_in", "faults_in_blocks", "faults_in_view", "too_large"]
