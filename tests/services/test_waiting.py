"""What waits for each person, and the news about her tickets."""

import pytest

from desk_maint.domain.instants import HOUR
from desk_maint.services import tickets
from desk_maint.services.waiting import Waiting, count_waiting, list_news
from tests.services.conftest import local

NOW = local("2026-06-02 12:00")


@pytest.mark.usefixtures("queue")
def test_each_role_is_told_what_is_hers_to_do(district):
    d = district
    assert count_waiting(d.database, d.south_clerk, NOW) == Waiting(to_confirm=1)
    assert count_waiting(d.database, d.clerk, NOW).total == 0
    assert count_waiting(d.database, d.technician, NOW) == Waiting(to_accept=1, mine=0)
    assert count_waiting(d.database, d.manager, NOW) == Waiting(overdue=2)
    assert count_waiting(d.database, d.manager, local("2026-06-01 08:00")).total == 0


def test_news_are_what_others_did_to_my_tickets(district):
    d = district
    start = list_news(d.database, d.clerk, None)
    assert start.items == ()
    key = d.report().id
    assert list_news(d.database, d.clerk, start.last_change).items == ()
    at = local("2026-06-01 09:10")
    tickets.accept(d.database, d.technician, {key: 1}, at=at)
    news = list_news(d.database, d.clerk, start.last_change)
    assert [(each.action, each.actor, each.tag, each.at) for each in news.items] == [
        ("ticket.accept", "王师傅", "ATM-01", at)
    ]
    own = list_news(d.database, d.technician, start.last_change)
    assert [each.action for each in own.items] == ["ticket.report"], "not what he did himself"
    tickets.assign(d.database, d.manager, {key: d.version(key)}, "王师傅", at=at + HOUR)
    again = list_news(d.database, d.clerk, news.last_change)
    assert again.items == (), "nothing was changed, so there is no news"
