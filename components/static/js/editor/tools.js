// What the buttons and keys of the editor do, by name.

const version = new URL(import.meta.url).search;
const pm = await import('./prosemirror.js' + version);
const {schema, safe} = await import('./schema.js' + version);
const {nodes, marks} = schema;

const list = (type) => (state, dispatch) => {
    const found = around(state, (node) => node.type === nodes.bullet_list || node.type === nodes.ordered_list);
    if (!found) return pm.wrapInList(type)(state, dispatch);
    if (found.node.type === type) return pm.liftListItem(nodes.list_item)(state, dispatch);
    dispatch?.(state.tr.setNodeMarkup(found.pos, type));
    return true;
};
const block = (type, attrs) => (state, dispatch) =>
    pm.setBlockType(isBlock(state, type, attrs) ? nodes.paragraph : type, isBlock(state, type, attrs) ? null : attrs)(
        state, dispatch);
const wrapped = (type) => (state, dispatch) =>
    around(state, (node) => node.type === type) ? pm.lift(state, dispatch) : pm.wrapIn(type)(state, dispatch);
const insert = (make) => (state, dispatch) => {
    dispatch?.(state.tr.replaceSelectionWith(make(state)).scrollIntoView());
    return true;
};

export const commands = {
    bold: pm.toggleMark(marks.strong), italic: pm.toggleMark(marks.em), underline: pm.toggleMark(marks.u),
    strike: pm.toggleMark(marks.s), sub: pm.toggleMark(marks.sub), sup: pm.toggleMark(marks.sup),
    code: pm.toggleMark(marks.code),
    paragraph: pm.setBlockType(nodes.paragraph), h2: block(nodes.heading, {level: 2}),
    h3: block(nodes.heading, {level: 3}), h4: block(nodes.heading, {level: 4}),
    code_block: block(nodes.code_block),
    ul: list(nodes.bullet_list), ol: list(nodes.ordered_list),
    indent: pm.sinkListItem(nodes.list_item), outdent: pm.liftListItem(nodes.list_item),
    quote: wrapped(nodes.blockquote), rule: insert(() => nodes.horizontal_rule.create()),
    row_after: pm.addRowAfter, row_delete: pm.deleteRow, column_after: pm.addColumnAfter,
    column_delete: pm.deleteColumn, header_row: pm.toggleHeaderRow, header_column: pm.toggleHeaderColumn,
    table_delete: pm.deleteTable, undo: pm.undo, redo: pm.redo,
};

// What a dialog asked for, put in: apply.link(view, {href, text})
export const apply = {
    link(view, {href, text}) {
        let {from, to, empty} = view.state.selection;
        const current = linkAt(view.state);
        if (empty && current) [from, to, empty] = [current.from, current.to, false];
        const tr = view.state.tr;
        if (!href || !safe(href)) tr.removeMark(from, to, marks.link);
        else if (empty) tr.replaceWith(from, to, [schema.text(text || href, [marks.link.create({href})])])
            .removeStoredMark(marks.link);
        else tr.removeMark(from, to, marks.link).addMark(from, to, marks.link.create({href}));
        view.dispatch(tr.scrollIntoView());
    },
    image: (view, attrs) => put(view, nodes.image, attrs),
    formula: (view, attrs) => put(view, nodes.formula, attrs),
    table(view, {rows, columns}) {
        const cell = (type) => type.createAndFill();
        const row = (type) => nodes.table_row.create(null, Array.from({length: columns}, () => cell(type)));
        const body = Array.from({length: rows}, () => row(nodes.table_cell));
        const start = view.state.selection.from;
        const tr = view.state.tr.replaceSelectionWith(nodes.table.create(null, [row(nodes.table_header), ...body]));
        const at = pm.Selection.near(tr.doc.resolve(Math.min(start + 2, tr.doc.content.size)));
        view.dispatch(tr.setSelection(at).scrollIntoView());
    },
    callout(view, {kind}) {
        const found = around(view.state, (node) => node.type === nodes.callout);
        if (found && !kind) pm.lift(view.state, view.dispatch);
        else if (found) view.dispatch(view.state.tr.setNodeMarkup(found.pos, null, {kind}));
        else pm.wrapIn(nodes.callout, {kind})(view.state, view.dispatch);
    },
    language(view, {language}) {
        const found = around(view.state, (node) => node.type === nodes.code_block);
        if (found) view.dispatch(view.state.tr.setNodeMarkup(found.pos, null, {language}));
    },
};

// What stands where the cursor is: which buttons are pressed, and what a dialog begins with.
export function standing(state) {
    const {selection} = state, chosen = selection.node;
    const marked = (mark) => selection.empty
        ? !!mark.isInSet(state.storedMarks ?? selection.$from.marks())
        : state.doc.rangeHasMark(selection.from, selection.to, mark);
    const inside = (type) => around(state, (node) => node.type === type);
    const code = inside(nodes.code_block), callout = inside(nodes.callout), link = linkAt(state);
    return {
        on: {
            bold: marked(marks.strong), italic: marked(marks.em), underline: marked(marks.u), strike: marked(marks.s),
            sub: marked(marks.sub), sup: marked(marks.sup), code: marked(marks.code), link: !!link,
            h2: isBlock(state, nodes.heading, {level: 2}), h3: isBlock(state, nodes.heading, {level: 3}),
            h4: isBlock(state, nodes.heading, {level: 4}), code_block: !!code, quote: !!inside(nodes.blockquote),
            paragraph: isBlock(state, nodes.paragraph),
            ul: innermostList(state) === nodes.bullet_list, ol: innermostList(state) === nodes.ordered_list,
            callout: !!callout, image: chosen?.type === nodes.image, formula: chosen?.type === nodes.formula,
        },
        table: pm.isInTable(state), list: !!innermostList(state),
        language: code ? code.node.attrs.language : null, kind: callout ? callout.node.attrs.kind : null,
        link: link ? {href: link.mark.attrs.href, text: ''}
            : {href: '', text: selection.empty ? '' : state.doc.textBetween(selection.from, selection.to, ' ')},
        image: chosen?.type === nodes.image ? chosen.attrs : null,
        formula: chosen?.type === nodes.formula ? chosen.attrs : null,
    };
}

export function keys(ask, save, leave) {
    const hardBreak = pm.chainCommands(pm.exitCode, insert(() => nodes.hard_break.create()));
    return {
        'Mod-z': pm.undo, 'Mod-y': pm.redo, 'Shift-Mod-z': pm.redo, 'Backspace': pm.undoInputRule,
        'Mod-b': commands.bold, 'Mod-i': commands.italic, 'Mod-u': commands.underline, 'Mod-e': commands.code,
        'Mod-,': commands.sub, 'Mod-.': commands.sup, 'Mod-Shift-x': commands.strike,
        'Mod-Alt-0': commands.paragraph, 'Mod-Alt-2': commands.h2, 'Mod-Alt-3': commands.h3, 'Mod-Alt-4': commands.h4,
        'Mod-Alt-c': commands.code_block, 'Mod-Shift-7': commands.ol, 'Mod-Shift-8': commands.ul,
        'Mod-Shift-9': commands.quote, 'Mod-k': () => ask('link'), 'Mod-Shift-m': () => ask('formula'),
        'Mod-s': save, 'Mod-Enter': pm.chainCommands(pm.exitCode, save), 'Shift-Enter': hardBreak,
        'Enter': pm.splitListItem(nodes.list_item), 'Alt-F10': leave,
        'Tab': pm.chainCommands(pm.goToNextCell(1), newRow, commands.indent),
        'Shift-Tab': pm.chainCommands(pm.goToNextCell(-1), commands.outdent),
    };
}

export function rules() {
    const {inputRules, wrappingInputRule: wrapping, textblockTypeInputRule: turning} = pm;
    return inputRules({rules: [
        turning(/^(#{2,4})\s$/, nodes.heading, (match) => ({level: match[1].length})),
        turning(/^```$/, nodes.code_block), wrapping(/^\s*>\s$/, nodes.blockquote),
        wrapping(/^\s*[-*]\s$/, nodes.bullet_list), wrapping(/^1[.)]\s$/, nodes.ordered_list),
    ]});
}

function put(view, type, attrs) {
    const {selection, tr} = view.state;
    if (selection.node?.type === type) tr.setNodeMarkup(selection.from, null, attrs);
    else tr.replaceSelectionWith(type.create(attrs), false);
    view.dispatch(tr.scrollIntoView());
}

function newRow(state, dispatch, view) {
    if (!pm.isInTable(state) || !pm.addRowAfter(state, dispatch)) return false;
    return pm.goToNextCell(1)(view.state, view.dispatch);
}

function around(state, test) {
    const {$from, node} = state.selection;
    if (node && test(node)) return {node, pos: $from.pos};
    for (let depth = $from.depth; depth > 0; depth--) {
        if (test($from.node(depth))) return {node: $from.node(depth), pos: $from.before(depth)};
    }
    return null;
}

const innermostList = (state) => around(state, (node) => [nodes.bullet_list, nodes.ordered_list].includes(node.type))
    ?.node.type;

function isBlock(state, type, attrs = {}) {
    const {parent} = state.selection.$from;
    return parent.hasMarkup(type, {...parent.attrs, ...attrs});
}

function linkAt(state) {
    const {$from} = state.selection;
    const mark = marks.link.isInSet($from.marks()) || marks.link.isInSet($from.nodeAfter?.marks ?? []);
    if (!mark) return null;
    let index = $from.index(), from = $from.start();
    const parent = $from.parent;
    const has = (place) => place >= 0 && place < parent.childCount && mark.isInSet(parent.child(place).marks);
    if (!has(index) && has(index - 1)) index -= 1;
    if (!has(index)) return null;
    let first = index, last = index;
    while (has(first - 1)) first -= 1;
    while (has(last + 1)) last += 1;
    for (let place = 0; place < first; place++) from += parent.child(place).nodeSize;
    let to = from;
    for (let place = first; place <= last; place++) to += parent.child(place).nodeSize;
    return {mark, from, to};
}
