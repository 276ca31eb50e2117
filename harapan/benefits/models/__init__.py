from harapan.benefits.enums import Certainty, Reason
from harapan.benefits.models.approval import Approval, RunCheck
from harapan.benefits.models.difference import Difference
from harapan.benefits.models.listing import Listing, ReceivedList
from harapan.benefits.models.replay import Pack, Replay
from harapan.benefits.models.run import Entitlement, Line, Run
from harapan.benefits.models.snapshot import Snapshot
from harapan.benefits.models.stage import Mode, Stage, StageMove, StageRegency, State

__all__ = [
    "Approval",
    "Certainty",
    "Difference",
    "Entitlement",
    "Line",
    "Listing",
    "Mode",
    "Pack",
    "Reason",
    "ReceivedList",
    "Replay",
    "Run",
    "RunCheck",
    "Snapshot",
    "Stage",
    "StageMove",
    "StageRegency",
    "State",
]
