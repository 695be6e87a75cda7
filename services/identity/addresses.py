"""Which e-mail addresses an organisation takes from people who register by themselves."""

from services.errors import InvalidInput
from storage.identity import Organization

# Providers at which anybody gets an address at once, by the domain of the address: the ones with the most users in
# the world and in Europe, and the usual throw-away ones. An organisation that wants to be exact lists its own domains.
FREE_MAIL = frozenset(
    """
    126.com 163.com aim.com alice.it aol.com arcor.de bigpond.com bk.ru bluewin.ch btinternet.com centrum.cz
    comcast.net cox.net daum.net disroot.org email.cz email.de fastmail.com fastmail.fm free.fr freenet.de gmail.com
    gmx.at gmx.ch gmx.com gmx.de gmx.net googlemail.com guerrillamail.com hanmail.net hotmail.co.uk hotmail.com
    hotmail.de hotmail.es hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv inbox.ru interia.pl kpnmail.nl
    laposte.net libero.it list.ru live.co.uk live.com live.fr live.nl lycos.com mac.com mail.com mail.de mail.ru
    mailbox.org mailinator.com me.com msn.com naver.com o2.pl online.no onet.pl orange.fr outlook.com outlook.de
    outlook.es outlook.fr posteo.de proton.me protonmail.com protonmail.ch qq.com rambler.ru rediffmail.com riseup.net
    rocketmail.com sapo.pt sbcglobal.net seznam.cz sfr.fr sina.com skynet.be startmail.com t-online.de telenet.be
    temp-mail.org tempmail.com tin.it tiscali.it tutanota.com tuta.io ukr.net uol.com.br verizon.net virgilio.it
    wanadoo.fr web.de wp.pl ya.ru yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br yahoo.de
    yahoo.es yahoo.fr yahoo.it yandex.com yandex.ru ymail.com yopmail.com zoho.com ziggo.nl
    """.split()
)


def check_address(place: Organization, email: str, *, field: str = 'email') -> None:
    """InvalidInput where the organisation takes only its own domains, or no free mail, and this is another."""
    domain = email.rpartition('@')[2].lower()
    allowed = [one.lower().lstrip('@') for one in place.email_domains]
    if allowed and domain not in allowed:
        _refuse(f'{place.name} takes addresses of {_listed(allowed)} only. Register with one of those.', field)
    if place.work_email_only and domain in FREE_MAIL and domain not in allowed:
        _refuse(f'{place.name} takes addresses of work or school, not of {domain}. Register with yours.', field)


def _refuse(fault: str, field: str) -> None:
    raise InvalidInput(fault, fields={field: fault})


def _listed(domains: list[str]) -> str:
    shown = ', '.join(domains[:5])
    return f'{shown} and others' if len(domains) > 5 else shown
