from harapan.benefits.enums import Certainty, Reason
from harapan.benefits.models.approval import Approval, RunCheck
from harapan.benefits.models.difference import Difference
from harapan.benefits.models.listing import Listing, ReceivedList
from harapan.benefits.models.replay import Pack, Replay
from harapan.benefits.models.run import Entitlement, Line, Run
from harapan.benefits.models.sanction import COUNTING, Adjustment, Deferral, SanctionNotice, Verdict
from harapan.benefits.models.snapshot import Snapshot
from harapan.benefits.models.stage import Mode, Stage, StageMove, StageRegency, State

__all__ = [
    "COUNTING",
    "Adjustment",
    "Approval",
    "Certainty",
    "Deferral",
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
    "SanctionNotice",
    "Snapshot",
    "Stage",
    "StageMove",
    "StageRegency",
    "State",
    "Verdict",
]
