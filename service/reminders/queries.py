"""Statements of reminders: whose settings count, what is new, what is due to be sent, by the database's time."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Interval,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from service.identity.deputed import DEPUTED
from service.identity.models import offices, role_grants, users
from service.kit.statements import AT_MOST, OF_TENANT, Statement, scope_ready
from service.kit.tables import insert_row, insert_rows, update_row
from service.notifications.models_reminders import (
    M,
    O,
    S,
    reminder_marks,
    reminder_messages,
    reminder_settings,
)

USER = bindparam("user", type_=Uuid(as_uuid=False))
_moment = DateTime(timezone=True)
_text = literal_column
_PENDING: ColumnElement[str] = _text("'pending'")

# ---- one's own settings ------------------------------------------------------------------------------------
_mine = (S.tenant_id == OF_TENANT, S.user_id == USER)
SETTINGS = Statement(select(*reminder_settings.c).where(*_mine, scope_ready()))
# Held until the transaction ends: a person changes his settings, or enters a code, one after the other.
SETTINGS_HELD = Statement(select(*reminder_settings.c).where(*_mine).with_for_update())
_made = insert(reminder_settings).values(
    {each.name: bindparam(each.name, type_=each.type) for each in reminder_settings.c}
)
PUT = Statement(
    _made.on_conflict_do_update(
        index_elements=["tenant_id", "user_id"],
        set_={
            each.name: _made.excluded[each.name]
            for each in reminder_settings.c
            if each.name not in ("tenant_id", "user_id")
        },
    )
)
BEGIN = insert_row(reminder_settings, ignore_conflict=True)
# Counted before the code is looked at, and committed: whoever guesses at many at once has no more tries by that.
TRY = Statement(
    update(reminder_settings)
    .where(
        *_mine,
        S.verified_at.is_(None),
        S.code_at.is_not(None),
        S.code_tries < bindparam("most", type_=Integer),
    )
    .values(code_tries=S.code_tries + 1)
    .returning(*reminder_settings.c)
)
FORGET = Statement(delete(reminder_settings).where(*_mine).returning(S.user_id))
# Nothing that was on its way arrives after its address was given up.
DROP = Statement(
    update(reminder_messages)
    .where(O.tenant_id == OF_TENANT, O.user_id == USER, O.state == _PENDING)
    .values(state=_text("'dropped'"), next_attempt_at=null(), ended_at=func.now(), body=_text("''"))
)

# ---- who is reached ----------------------------------------------------------------------------------------
_ROLES = (
    select(func.coalesce(func.array_agg(role_grants.c.role), _text("'{}'::text[]")))
    .where(role_grants.c.tenant_id == users.c.tenant_id, role_grants.c.user_id == users.c.id)
    .correlate(users)
    .scalar_subquery()
)
_U, _F = users.c, offices.c
_PEOPLE: Any = (
    select(
        *users.c,
        _ROLES.label("roles"),
        _F.tier,
        _F.valid_from,
        _F.valid_to,
        DEPUTED.label("deputed"),
        S.channel,
        S.address,
        S.mode,
        S.hour,
        S.kinds,
        S.verified_at,
        S.digest_on,
    )
    .select_from(
        reminder_settings.join(users, and_(_U.tenant_id == S.tenant_id, _U.id == S.user_id)).join(
            offices, and_(_F.tenant_id == _U.tenant_id, _F.id == _U.office_id)
        )
    )
    .where(S.tenant_id == OF_TENANT, S.mode != _text("'none'"), S.verified_at.is_not(None))
)
REACHED = Statement(_PEOPLE.where(_U.disabled_at.is_(None), _U.locked_at.is_(None), scope_ready()))
PERSON = Statement(_PEOPLE.where(S.user_id == USER, scope_ready()))
MARK = insert_rows(reminder_marks, ignore_conflict=True)

# ---- what is due to be told --------------------------------------------------------------------------------
_new = exists().where(M.tenant_id == S.tenant_id, M.user_id == S.user_id, M.message_id.is_(None))
_lately = (
    select(func.count())
    .where(
        O.tenant_id == S.tenant_id,
        O.user_id == S.user_id,
        O.purpose != _text("'code'"),
        O.created_at > func.now() - _text("interval '1 hour'"),
    )
    .correlate(reminder_settings)
    .scalar_subquery()
)
_today = bindparam("today", type_=Date)
_owed = or_(
    and_(S.mode == _text("'at_once'"), _new, _lately < bindparam("budget", type_=Integer)),
    and_(
        S.mode == _text("'digest'"),
        bindparam("working", type_=Boolean),
        S.hour <= bindparam("hour", type_=Integer),
        or_(S.digest_on.is_(None), S.digest_on < _today),
    ),
)
# Read by the worker over all tenants; then once more with the row held, since another worker may have been quicker.
OWED = Statement(
    select(S.tenant_id, S.user_id)
    .where(S.verified_at.is_not(None), _owed)
    .order_by(S.tenant_id, S.user_id)
    .limit(AT_MOST)
)
STILL_OWED = Statement(
    select(*reminder_settings.c)
    .where(*_mine, S.verified_at.is_not(None), _owed)
    .with_for_update(skip_locked=True)
)
TAKE_MARKS = Statement(
    update(reminder_marks)
    .where(M.tenant_id == OF_TENANT, M.user_id == USER, M.message_id.is_(None))
    .values(message_id=bindparam("message", type_=Uuid(as_uuid=False)))
    .returning(M.kind)
)
DAY_DONE = Statement(update(reminder_settings).where(*_mine).values(digest_on=_today))
_sent: dict[str, Any] = {
    "state": _PENDING,
    "attempts": _text("0"),
    "created_at": func.now(),
    "next_attempt_at": func.now(),
    "expires_at": func.now() + bindparam("good_for", type_=Interval),
    "ended_at": null(),
    "last_error": null(),
}
MESSAGE = insert_row(reminder_messages, given=_sent, ignore_conflict=True)
# Of whoever is disabled nothing is kept; being enabled again he says anew what he wants. Of whoever stopped, what was
# counted goes with its day.
ENDED = Statement(
    delete(reminder_settings)
    .where(
        S.tenant_id == OF_TENANT,
        or_(
            exists().where(
                _U.tenant_id == S.tenant_id,
                _U.tenant_id == OF_TENANT,
                _U.id == S.user_id,
                _U.disabled_at.is_not(None),
            ),
            and_(S.address == _text("''"), or_(S.codes_on.is_(None), S.codes_on < _today)),
        ),
    )
    .returning(S.user_id)
)

# ---- what is due to be sent --------------------------------------------------------------------------------
_waits = (O.state == _PENDING, O.next_attempt_at <= func.now())
DUE = Statement(select(O.tenant_id, O.channel).where(*_waits).distinct())
_channel = bindparam("channel", type_=Text)
_due = (
    select(O.tenant_id, O.id)
    .where(O.tenant_id == OF_TENANT, O.channel == _channel, *_waits)
    .order_by(O.next_attempt_at, O.id)
    .limit(AT_MOST)
    .with_for_update(skip_locked=True)
    .cte("c")
)
# What the message was made for must still be so when it goes out: the address proved (or the code its newest), the
# person in force.
_settings = reminder_settings.alias("still")
_people = users.alias("person")
_now_same: Any = (
    select(_settings.c.code_at)
    .select_from(
        _settings.join(
            _people,
            and_(_people.c.tenant_id == _settings.c.tenant_id, _people.c.id == _settings.c.user_id),
        )
    )
    .where(
        _settings.c.tenant_id == OF_TENANT,
        _people.c.tenant_id == OF_TENANT,
        _settings.c.user_id == O.user_id,
        _settings.c.channel == O.channel,
        _settings.c.address == O.address,
        _people.c.disabled_at.is_(None),
        _people.c.locked_at.is_(None),
        case(
            (O.purpose == _text("'code'"), _settings.c.code_at.is_not(None)),
            else_=and_(_settings.c.verified_at.is_not(None), _settings.c.mode != _text("'none'")),
        ),
    )
)
TAKE = Statement(
    update(reminder_messages)
    .where(O.tenant_id == OF_TENANT, O.tenant_id == _due.c.tenant_id, O.id == _due.c.id)
    .values(next_attempt_at=func.now() + bindparam("lease", type_=Interval))
    .returning(
        O.tenant_id,
        O.id,
        O.user_id,
        O.purpose,
        O.channel,
        O.address,
        O.body,
        O.attempts,
        O.next_attempt_at.label("leased"),
        (O.expires_at <= func.now()).label("expired"),
        _now_same.correlate(reminder_messages).exists().label("stands"),
        _now_same.correlate(reminder_messages).scalar_subquery().label("code_at"),
    )
)
SETTLE = update_row(
    reminder_messages,
    O.state == _PENDING,
    O.next_attempt_at == bindparam("leased", type_=_moment),
    state="outcome",
    attempts="tried",
    next_attempt_at=case(
        (bindparam("outcome", type_=Text) == _PENDING, func.now() + bindparam("pause", type_=Interval))
    ),
    ended_at=case((bindparam("outcome", type_=Text) != _PENDING, func.now())),
    last_error="error",
)
# For the alarms: how long the longest waiting has been due, and what was given up within a day, by channel.
HEALTH = Statement(
    select(
        O.channel,
        func.max(func.extract("epoch", func.now() - O.created_at))
        .filter(O.state == _PENDING)
        .label("waiting"),
        func.count()
        .filter(O.state == _text("'dead'"), O.ended_at > func.now() - _text("interval '1 day'"))
        .label("dead"),
    )
    .where(or_(O.state == _PENDING, O.ended_at > func.now() - _text("interval '1 day'")))
    .group_by(O.channel)
)
TENANTS_WITH = Statement(select(S.tenant_id).distinct().order_by(S.tenant_id))
