from harapan.payments import checking
from harapan.benefits.models import RunCheck
from harapan.database.scope import put_on
from tests.computed.ground import Ground
import json

def test_x(ground: Ground) -> None:
    ground.checked()
    with put_on(ground.nation()):
        print(json.dumps(RunCheck.objects.get().figures, indent=1))
    assert 0
