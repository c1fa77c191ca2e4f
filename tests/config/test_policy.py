from __future__ import annotations

from archguard import knowledge
from archguard.config.policy import make_policy
from archguard.config.settings import BlockingEntry, ClientEntry, LimitSettings, PerPath, Settings
from archguard.model.finding import Severity
from archguard.model.policy import Limits, Override


def test_without_settings_the_policy_is_what_is_known() -> None:
    policy = make_policy(Settings())
    assert policy.knowledge is knowledge.load()
    assert policy.limits == Limits()
    assert policy.fail_on is Severity.HIGH


def test_the_projects_own_calls_join_what_is_known() -> None:
    policy = make_policy(
        Settings(
            blocking=(BlockingEntry(call="ours.query", kind="database", instead="ours.aquery"),),
            clients=(ClientEntry(call="ours.get", position=2, default=5.0),),
        )
    )
    assert policy.knowledge.blocking["ours.query"].instead == "ours.aquery"
    assert policy.knowledge.timeouts["ours.get"].default == 5.0
    assert policy.knowledge.timeouts["ours.get"].position == 2
    assert set(knowledge.load().blocking) < set(policy.knowledge.blocking)
    assert "ours.query" not in knowledge.load().blocking


def test_the_projects_choices_arrive() -> None:
    policy = make_policy(
        Settings(
            limits=LimitSettings(chain=3),
            fail_on="never",
            src=("services/shared",),
            expected_load={"users": 5},
            per_path=(PerPath(glob="old/**", ignore=("AG01",)),),
            require_reason=True,
        )
    )
    assert policy.limits == Limits(chain=3)
    assert policy.fail_on is None
    assert policy.src == ("services/shared",)
    assert policy.expected_load == {"users": 5}
    assert policy.overrides == (Override("old/**", ("AG01",)),)
    assert policy.require_reason
