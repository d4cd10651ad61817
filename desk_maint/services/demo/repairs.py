"""The faults of the demo district and how each of them was repaired, up to the present moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_maint.db.models import Fault, Hold
from desk_maint.domain.devices import Category, DeviceState
from desk_maint.domain.faults import ExemptState, Grade, HoldReason, Impact
from desk_maint.domain.instants import DAY, HOUR, MINUTE, day_start, local_date
from desk_maint.domain.outlets import Zone
from desk_maint.domain.people import Role
from desk_maint.domain.repair_limits import MAINTENANCE_HOURS, default_grade
from desk_maint.domain.tickets import Moments, state_of
from desk_maint.services.demo.places import PEOPLE
from desk_maint.services.demo.troubles import FAULTS_A_YEAR, TROUBLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from desk_maint.domain.calendars import ServiceCalendar
    from desk_maint.services.calendar_book import CalendarBook
    from desk_maint.services.demo.district import Post
    from desk_maint.services.demo.troubles import Trouble

__all__ = ["Repairs"]

_YEAR = 365 * DAY
_TRAVEL_MINUTES = {Zone.CITY: (15, 70), Zone.COUNTY: (30, 130), Zone.RURAL: (60, 220)}
_HELD_HOURS = {
    HoldReason.NO_ACCESS: (1, 6),
    HoldReason.THIRD_PARTY: (2, 14),
    HoldReason.WAITING_FOR_PARTS: (8, 40),
}
_ESTIMATED, _CANCELLED, _REGRADED, _SPARED = 0.2, 0.015, 0.03, 0.5
_DECIDED_AFTER = 12 * DAY
"""By then somebody has looked at a proposed exemption."""
_TECHNICIANS = tuple(w.name for w in PEOPLE if w.role is Role.TECHNICIAN)
_MANAGERS = tuple(w.name for w in PEOPLE if w.role is Role.MANAGER)


class _Course(NamedTuple):
    """How far a repair has come by now, whatever chance says; none is confirmed."""

    accepted: bool = True
    on_site: bool = True
    held: HoldReason | None = None
    restored: bool = True


_STOPPED = _Course(restored=False)
_SHOWN = (
    (Category.ATM, 0.2, _Course(accepted=False)),
    (Category.GREEN_CARD_TERMINAL, 0.6, _Course(accepted=False)),
    (Category.CCTV_CAMERA, 2.5, _Course(accepted=False)),
    (Category.ATM, 1.0, _Course(on_site=False)),
    (Category.REMITTANCE_TERMINAL, 1.5, _Course(on_site=False)),
    (Category.ATM, 3.0, _STOPPED),
    (Category.ATM, 13.0, _STOPPED),
    (Category.GREEN_CARD_TERMINAL, 19.0, _STOPPED),
    (Category.ATM, 26.0, _Course(on_site=False)),
    (Category.ATM, 4.0, _Course(held=HoldReason.NO_ACCESS)),
    (Category.GREEN_CARD_TERMINAL, 9.0, _Course(held=HoldReason.THIRD_PARTY)),
    (Category.ATM, 16.0, _Course(held=HoldReason.WAITING_FOR_PARTS)),
    (Category.ATM, 5.0, _Course()),
    (Category.GREEN_CARD_TERMINAL, 4.0, _Course()),
    (Category.REMITTANCE_TERMINAL, 11.0, _Course()),
    (Category.ALARM, 14.0, _Course()),
)
"""What each desk has to show: the category, hours of work since it occurred, and how far it is."""


class Repairs:
    """Makes faults with their tickets, as they stand at the instant ``now``."""

    def __init__(self, random: Random, calendars: CalendarBook, first: date, now: int) -> None:
        self._random = random
        self._calendars = calendars
        self._zone = calendars.zone
        self._start = day_start(first, calendars.zone)
        self._now = now
        self._shift = calendars.named(MAINTENANCE_HOURS)
        self._reporters = {
            code: worker.name
            for worker in PEOPLE
            if worker.role is Role.REPORTER
            for code in worker.outlets
        }

    def of(self, post: Post) -> Iterator[Fault]:
        """Yield the faults of one device from the beginning to now, none upon another."""
        chance = self._random
        rate = FAULTS_A_YEAR[post.device.category] * post.trouble / _YEAR
        for start, end in self._times_in_use(post):
            moment = start + int(chance.expovariate(rate))
            while moment < end:
                fault = self._fault(post, self._when_noticed(post, moment))
                if fault is None or fault.occurred_at >= end:
                    break
                yield fault
                over = fault.cancelled_at or fault.restored_at
                if over is None:
                    return
                moment = over + HOUR + int(chance.expovariate(rate))

    def showcase(self, posts: list[Post]) -> Iterator[Fault]:
        """Yield tickets of every state that work on now: what each desk has to show."""
        chance = self._random
        for category, hours, course in _SHOWN:
            candidates = [
                post
                for post in posts
                if post.device.category is category
                and post.device.state_changes[-1].state is DeviceState.IN_USE
            ]
            post = candidates[chance.randrange(len(candidates))]
            posts.remove(post)
            trouble = next(
                each
                for each in TROUBLES[category]
                if each.impact is Impact.OUT_OF_SERVICE or category is Category.ALARM
            )
            yield self._show(post, trouble, int(hours * HOUR), course)

    def _times_in_use(self, post: Post) -> Iterator[tuple[int, int]]:
        changes = post.device.state_changes
        for change, following in zip(changes, [*changes[1:], None], strict=True):
            if change.state is DeviceState.IN_USE:
                since = max(change.from_on, post.device.commissioned_on)
                end = day_start(following.from_on, self._zone) if following else self._now
                yield max(self._start, day_start(since, self._zone)), min(end, self._now)

    def _when_noticed(self, post: Post, moment: int) -> int:
        """Return when a fault begins: a device that does not serve at the moment fails later."""
        moment -= moment % MINUTE
        calendar = self._service(post, moment)
        if calendar.is_open(moment):
            return moment
        opening = calendar.next_open(moment)
        return moment if opening is None else opening + self._random.randint(0, 180) * MINUTE

    def _service(self, post: Post, moment: int) -> ServiceCalendar:
        outlet = post.outlet_on(local_date(moment, self._zone))
        return self._calendars.service(
            post.device.category, post.device.calendar_id, outlet.calendar_id
        )

    def _fault(self, post: Post, occurred: int) -> Fault | None:
        """Make one fault and let it be repaired; what lies beyond now has not happened yet."""
        chance, now = self._random, self._now
        troubles = TROUBLES[post.device.category]
        trouble = chance.choices(troubles, [each.weight for each in troubles])[0]
        reported = self._reported(occurred)
        if reported > now:
            return None
        if chance.random() < _ESTIMATED:
            occurred = reported
        fault = self._new(post, trouble, occurred, reported)
        fault.occurred_estimated = occurred == reported
        accepted = self._after(reported, chance.randint(2, 25))
        if chance.random() < _CANCELLED:
            if accepted <= now:
                fault.cancelled_at = accepted
                fault.cancel_reason = "误报，设备正常"
            return self._settled(fault)
        low, high = _TRAVEL_MINUTES[post.outlet_on(local_date(reported, self._zone)).zone]
        on_site = self._after(accepted, chance.randint(low, high))
        restored = on_site
        work = int(trouble.hours * chance.lognormvariate(0.0, 0.5) * HOUR)
        if trouble.hold is not None and chance.random() < trouble.held_share:
            restored = self._hold(fault, trouble.hold, on_site)
        restored = self._shift.after_open_seconds(restored, max(work, 5 * MINUTE))
        restored -= restored % MINUTE  # people write minutes down
        confirmed = self._after(restored, chance.randint(10, 16 * 60))
        if accepted <= now:
            fault.accepted_at, fault.technician = accepted, chance.choice(_TECHNICIANS)
        if on_site <= now:
            fault.on_site_at = on_site
        if restored <= now:
            self._restore(fault, trouble, restored)
        if confirmed <= now:
            fault.confirmed_at = confirmed
        return self._settled(fault)

    def _show(self, post: Post, trouble: Trouble, worked: int, course: _Course) -> Fault:
        """Make a ticket as it stands after so many open seconds, up to now."""
        clock = self._service(post, self._now)
        if clock.is_round_the_clock(local_date(self._now, self._zone)):
            clock = self._shift
        occurred = clock.after_open_seconds(self._now, -worked)

        def share(part: float) -> int:
            return clock.after_open_seconds(occurred, int(worked * part))

        fault = self._new(post, trouble, occurred, share(0.05))
        if course.accepted:
            fault.accepted_at = share(0.15)
            fault.technician = self._random.choice(_TECHNICIANS)
        if course.accepted and course.on_site:
            fault.on_site_at = share(0.35)
            if course.held is not None:
                fault.holds.append(Hold(from_at=share(0.5), to_at=None, reason=course.held))
                if course.held is HoldReason.WAITING_FOR_PARTS:
                    fault.spare_from = share(0.7)
            elif course.restored:
                self._restore(fault, trouble, share(0.8))
        return self._settled(fault)

    def _new(self, post: Post, trouble: Trouble, occurred: int, reported: int) -> Fault:
        outlet = post.outlet_on(local_date(reported, self._zone))
        grade = default_grade(trouble.impact)
        fault = Fault(
            device_id=post.device.id,
            outlet_id=outlet.id,
            occurred_at=occurred,
            occurred_estimated=False,
            reported_at=reported,
            reported_by=self._reporters.get(outlet.code),
            impact=trouble.impact,
            grade=int(grade),
            symptom=trouble.symptom,
            holds=[],
        )
        if self._random.random() < _REGRADED:
            if grade is Grade.DEVICE_STOPPED:
                fault.grade, fault.grade_reason = int(Grade.WHOLE_OUTLET), "全网点业务停办"
            else:
                fault.grade, fault.grade_reason = int(Grade.MINOR), "不影响办理业务"
        return fault

    def _reported(self, occurred: int) -> int:
        """Return when somebody reports it: soon, or in the morning what nobody saw at night."""
        noticed = occurred if self._shift.is_open(occurred) else self._shift.next_open(occurred)
        return (noticed or occurred) + self._random.randint(2, 50) * MINUTE

    def _after(self, moment: int, minutes: int) -> int:
        """Return the moment so many minutes of maintenance hours later."""
        return self._shift.after_open_seconds(moment, minutes * MINUTE)

    def _hold(self, fault: Fault, reason: HoldReason, on_site: int) -> int:
        """Let the work rest; returns when it can go on."""
        chance, now = self._random, self._now
        start = self._after(on_site, chance.randint(10, 40))
        hours = chance.randint(*_HELD_HOURS[reason])
        end = self._after(start, hours * 60)
        if start <= now:
            fault.holds.append(
                Hold(from_at=start, to_at=end if end <= now else None, reason=reason)
            )
            spare = self._after(start, chance.randint(90, 240))
            if (
                reason is HoldReason.WAITING_FOR_PARTS
                and chance.random() < _SPARED
                and spare <= min(end, now)
            ):
                fault.spare_from = spare
        return end

    def _restore(self, fault: Fault, trouble: Trouble, restored: int) -> None:
        fault.restored_at = restored
        fault.cause, fault.responsibility = trouble.cause, trouble.responsibility
        fault.action_taken, fault.parts_used = trouble.action, trouble.parts
        if trouble.exempt_reason is not None:
            self._exempt(fault, trouble.exempt_reason, restored)

    def _exempt(self, fault: Fault, reason: str, restored: int) -> None:
        """Most that lies outside is proposed as exempt; in time a manager decides it."""
        chance = self._random
        if chance.random() > 0.75:  # noqa: PLR2004  (a share)
            return
        fault.exempt_state, fault.exempt_reason = ExemptState.PROPOSED, reason
        fault.exempt_proposed_by = fault.technician
        if self._now - restored > _DECIDED_AFTER:
            granted = chance.random() < 0.85  # noqa: PLR2004  (a share)
            fault.exempt_state = ExemptState.APPROVED if granted else ExemptState.REFUSED
            fault.exempt_by = chance.choice(_MANAGERS)

    def _settled(self, fault: Fault) -> Fault:
        moments = Moments(
            occurred_at=fault.occurred_at,
            reported_at=fault.reported_at,
            accepted_at=fault.accepted_at,
            on_site_at=fault.on_site_at,
            restored_at=fault.restored_at,
            confirmed_at=fault.confirmed_at,
            cancelled_at=fault.cancelled_at,
        )
        fault.state = state_of(moments, held=any(each.to_at is None for each in fault.holds))
        return fault
