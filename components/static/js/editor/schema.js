// What a text may consist of: the same elements that services/richtext.py lets through, read from HTML and written back.

const version = new URL(import.meta.url).search;
const {DOMParser, DOMSerializer, Schema, tableNodes} = await import('./prosemirror.js' + version);

const KINDS = ['note', 'tip', 'warning', 'danger', 'example'];

const cells = tableNodes({
    tableGroup: 'block', cellContent: 'block+',
    cellAttributes: {scope: {default: null, getFromDOM: (cell) => cell.getAttribute('scope'),
        setDOMAttr: (value, attrs) => { if (value) attrs.scope = value; }}},
});

export const schema = new Schema({
    nodes: {
        doc: {content: 'block+'},
        paragraph: {group: 'block', content: 'inline*', parseDOM: [{tag: 'p'}], toDOM: () => ['p', 0]},
        heading: {
            group: 'block', content: 'inline*', defining: true, attrs: {level: {default: 2}},
            parseDOM: [2, 3, 4].map((level) => ({tag: 'h' + level, attrs: {level}})),
            toDOM: (node) => ['h' + node.attrs.level, 0],
        },
        bullet_list: {group: 'block', content: 'list_item+', parseDOM: [{tag: 'ul'}], toDOM: () => ['ul', 0]},
        ordered_list: {group: 'block', content: 'list_item+', parseDOM: [{tag: 'ol'}], toDOM: () => ['ol', 0]},
        list_item: {content: 'block+', defining: true, parseDOM: [{tag: 'li'}], toDOM: () => ['li', 0]},
        blockquote: {
            group: 'block', content: 'block+', defining: true, parseDOM: [{tag: 'blockquote'}],
            toDOM: () => ['blockquote', 0],
        },
        callout: {
            group: 'block', content: 'block+', defining: true, attrs: {kind: {default: 'note'}},
            parseDOM: [{tag: 'aside', getAttrs: (aside) => ({kind: [...aside.classList].find(
                (name) => KINDS.includes(name)) ?? ''})}],
            toDOM: (node) => ['aside', {class: ('callout ' + node.attrs.kind).trim()}, 0],
        },
        code_block: {
            group: 'block', content: 'text*', marks: '', code: true, defining: true, attrs: {language: {default: ''}},
            parseDOM: [{
                tag: 'pre', preserveWhitespace: 'full', contentElement: (pre) => onlyCode(pre) ?? pre,
                getAttrs: (pre) => ({language: (onlyCode(pre)?.className ?? '').replace('language-', '')}),
            }],
            toDOM: (node) => ['pre', ['code', node.attrs.language ? {class: 'language-' + node.attrs.language} : {}, 0]],
        },
        figure: {
            group: 'block', content: '(block | figcaption)+', defining: true, attrs: {wide: {default: false}},
            parseDOM: [{tag: 'figure', getAttrs: (figure) => ({wide: figure.classList.contains('wide')})}],
            toDOM: (node) => ['figure', node.attrs.wide ? {class: 'wide'} : {}, 0],
        },
        figcaption: {content: 'inline*', defining: true, parseDOM: [{tag: 'figcaption'}], toDOM: () => ['figcaption', 0]},
        horizontal_rule: {group: 'block', parseDOM: [{tag: 'hr'}], toDOM: () => ['hr']},
        ...cells,
        text: {group: 'inline'},
        image: {
            group: 'inline', inline: true, draggable: true, attrs: {src: {}, alt: {default: ''}},
            parseDOM: [{tag: 'img[src]', getAttrs: (img) => own(img.getAttribute('src')) && ({
                src: img.getAttribute('src'), alt: img.getAttribute('alt') ?? ''})}],
            toDOM: (node) => ['img', {src: node.attrs.src, alt: node.attrs.alt}],
        },
        formula: {
            group: 'inline', inline: true, atom: true, attrs: {tex: {}, display: {default: false}},
            parseDOM: [{tag: 'span.formula[data-tex]', getAttrs: (span) => ({
                tex: span.dataset.tex, display: span.classList.contains('display')})}],
            toDOM: ({attrs}) => ['span', {class: attrs.display ? 'formula display' : 'formula', 'data-tex': attrs.tex},
                attrs.tex],
        },
        hard_break: {
            group: 'inline', inline: true, selectable: false, parseDOM: [{tag: 'br'}], toDOM: () => ['br'],
        },
    },
    marks: {
        link: {
            attrs: {href: {}}, inclusive: false,
            parseDOM: [{tag: 'a[href]', getAttrs: (link) => safe(link.getAttribute('href')) && ({
                href: link.getAttribute('href')})}],
            toDOM: (mark) => ['a', {href: mark.attrs.href, rel: 'noopener noreferrer'}, 0],
        },
        strong: {parseDOM: [{tag: 'strong'}, {tag: 'b'}], toDOM: () => ['strong', 0]},
        em: {parseDOM: [{tag: 'em'}, {tag: 'i'}], toDOM: () => ['em', 0]},
        u: {parseDOM: [{tag: 'u'}], toDOM: () => ['u', 0]},
        s: {parseDOM: [{tag: 's'}], toDOM: () => ['s', 0]},
        sub: {excludes: 'sup', parseDOM: [{tag: 'sub'}], toDOM: () => ['sub', 0]},
        sup: {excludes: 'sub', parseDOM: [{tag: 'sup'}], toDOM: () => ['sup', 0]},
        code: {parseDOM: [{tag: 'code'}], toDOM: () => ['code', 0]},
    },
});

const reader = DOMParser.fromSchema(schema), writer = DOMSerializer.fromSchema(schema);
const elsewhere = document.implementation.createHTMLDocument('');  // nothing in it loads or runs

export function read(html) {
    const box = elsewhere.createElement('div');
    box.innerHTML = html;
    return reader.parse(box);
}

// Twice, since reading melts blanks that nobody sees: what is written reads as itself.
export const write = (doc) => written(read(written(doc)));

// Addresses that the server would let through as well; its word is the last one.
export const safe = (href) => /^(https?:\/\/|mailto:|[#?]|\/(?![/\\])|[^:/\\?#]+([/?#]|$))/i.test(href);

function written(doc) {
    const box = elsewhere.createElement('div');
    box.append(writer.serializeFragment(doc.content, {document: elsewhere}));
    for (const table of box.querySelectorAll('table')) headed(table);
    for (const holder of box.querySelectorAll('li, td, th, figure')) bare(holder);
    for (const one of [...box.children]) if (one.matches('p:empty') && box.children.length > 1) one.remove();
    return box.innerHTML;
}

function headed(table) {
    const body = table.querySelector(':scope > tbody') ?? table, rows = [...body.children];
    const heading = rows.findIndex((row) => ![...row.children].every((cell) => cell.tagName === 'TH'));
    const count = heading < 0 ? 1 : heading;
    if (!count || rows.length < 2) return;
    const head = elsewhere.createElement('thead');
    head.append(...rows.slice(0, count));
    table.insertBefore(head, body);
}

// <li><p>words</p></li> is written <li>words</li>, as everybody writes it
function bare(holder) {
    const paragraphs = [...holder.children].filter((one) => one.tagName === 'P');
    if (paragraphs.length === 1 && holder.firstElementChild === paragraphs[0]) {
        paragraphs[0].replaceWith(...paragraphs[0].childNodes);
    }
}

function onlyCode(pre) {
    const only = pre.childNodes.length === 1 ? pre.firstChild : null;
    return only?.nodeName === 'CODE' ? only : null;
}

function own(src) {
    return /^\/files\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(src ?? '');
}
