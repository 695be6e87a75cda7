// One text being written: the surface, its toolbar, what is pasted, and the words on their way to the server.

const version = new URL(import.meta.url).search;
const pm = await import('./prosemirror.js' + version);
const {read, schema, write} = await import('./schema.js' + version);
const {apply, commands, keys, rules, standing} = await import('./tools.js' + version);
const {Sender} = await import('./unsent.js' + version);

export function open(place, html, config, tell) {
    return new Editor(place, html, config, tell);
}

class Editor {
    constructor(place, html, config, tell) {
        Object.assign(this, {html, config, tell, places: []});
        this.tools = document.getElementById(config.toolbar);
        this.told = document.getElementById(config.told);
        this.state = pm.EditorState.create({doc: read(html), plugins: this.plugins()});
        this.begun = write(this.state.doc);
        this.sender = config.keep && new Sender({...config.keep, say: (state, words) => this.say(state, words)});
        this.view = new pm.EditorView(place, {
            state: this.state,
            attributes: {class: 'cw-prose cw-written', role: 'textbox', 'aria-multiline': 'true',
                'aria-label': config.label, spellcheck: 'true'},
            dispatchTransaction: (tr) => this.dispatch(tr),
            handleDOMEvents: {  // before anything is made of what came
                paste: (view, event) => this.pasted(event.clipboardData, event),
                drop: (view, event) => !view.dragging && this.pasted(event.dataTransfer, event, view.posAtCoords(
                    {left: event.clientX, top: event.clientY})?.pos),
            },
            handleDoubleClickOn: (view, pos, node) => ['formula', 'image'].includes(node.type.name) &&
                this.ask(node.type.name),
        });
        place.addEventListener('keydown', (event) => {  // Ctrl+K is a link here, and not the search of the site
            if (event.defaultPrevented) event.stopPropagation();
        });
        this.bindTools();
        this.show();
        if (config.focus) this.view.focus();
    }

    plugins() {
        const focusTools = () => { this.tools?.querySelector('button')?.focus(); return true; };
        const save = () => { this.tell('save'); return true; };
        return [
            rules(), pm.keymap(keys((act) => this.ask(act), save, focusTools)), pm.keymap(pm.baseKeymap), pm.history(),
            pm.tableEditing(), pm.dropCursor(), pm.gapCursor(),
            new pm.Plugin({appendTransaction: (trs, old, state) => {  // there is always a line to go on in
                const last = state.doc.lastChild;
                if (last?.type !== schema.nodes.paragraph) {
                    return state.tr.insert(state.doc.content.size, schema.nodes.paragraph.create());
                }
            }}),
        ];
    }

    // The words as they were given where nothing changed; null where they are too many for a block
    get value() {
        const now = write(this.view.state.doc);
        return now === this.begun ? this.html : now;
    }

    async flush() {
        this.view.setProps({editable: () => false});
        const html = this.value, sent = this.sender ? await this.sender.sent() : true;
        return {html: html.length > this.config.longest ? null : html, length: html.length, sent};
    }

    goOn() {
        this.view.setProps({editable: () => true});
        this.view.focus();
    }

    apply(act, given) {
        apply[act](this.view, given);
        this.view.focus();
    }

    forget() { this.sender?.forget(); this.sender = null; }
    close() { this.sender?.close(); this.view.destroy(); }

    dispatch(tr) {
        for (const place of this.places) place.mark = place.mark.map(tr.mapping);
        this.view.updateState(this.view.state.apply(tr));
        this.show();
        if (!tr.docChanged) return;
        this.tell('typed');
        this.sender?.typed({html: this.value});
    }

    ask(act) {
        this.tell('ask', {act, ...standing(this.view.state)});
        return true;
    }

    // The server says what may stay, then it is shown; the place is remembered while others write before it.
    pasted(from, event, at) {
        const html = from.getData('text/html'), text = from.getData('text/plain');
        const picture = [...from.files].find((file) => file.type.startsWith('image/'));
        if (picture && !html && this.config.images) {
            event.preventDefault();
            this.upload(picture, at);
            return true;
        }
        if (!html || this.view.state.selection.$from.parent.type.spec.code) return false;
        event.preventDefault();
        const {doc, selection} = this.view.state;
        const place = {mark: (at === undefined ? selection : pm.Selection.near(doc.resolve(at))).getBookmark()};
        this.hold(place, async () => {
            const cleaned = await post(this.config.clean, JSON.stringify({html}), 'application/json');
            if (cleaned) this.put(place, this.slice(cleaned.html, text));
            else this.put(place, this.slice('', text));
            this.tell('pasted', cleaned ? cleaned.left_out : ['everything but the words']);
        });
        return true;
    }

    upload(picture, at) {
        const {doc, selection} = this.view.state, body = new FormData();
        const place = {mark: (at === undefined ? selection : pm.Selection.near(doc.resolve(at))).getBookmark()};
        body.append('file', picture, picture.name || 'picture.png');
        this.hold(place, async () => {
            const file = await post(this.config.images, body);
            if (!file) return this.tell('pasted', ['a picture']);
            const node = schema.nodes.image.create({src: file.path, alt: ''});
            this.put(place, new pm.Slice(pm.Fragment.from(node), 0, 0));
            this.tell('pictured');
        });
    }

    async hold(place, work) {
        this.places.push(place);
        this.view.dom.setAttribute('aria-busy', 'true');
        try { await work(); } finally {
            this.places = this.places.filter((one) => one !== place);
            this.view.dom.removeAttribute('aria-busy');
        }
    }

    put(place, slice) {
        const tr = this.view.state.tr;
        this.view.dispatch(tr.setSelection(place.mark.resolve(tr.doc)).replaceSelection(slice).scrollIntoView());
    }

    slice(html, text = '') {
        return pm.__parseFromClipboard(this.view, text, html || null, !html, this.view.state.selection.$from)
            ?? pm.Slice.empty;
    }

    bindTools() {
        this.tools?.addEventListener('mousedown', (event) => {  // or the click would take the selection away
            if (event.target.closest('button')) event.preventDefault();
        });
        this.tools?.addEventListener('click', (event) => {
            const button = event.target.closest('button');
            if (button?.dataset.cmd) {
                commands[button.dataset.cmd](this.view.state, this.view.dispatch.bind(this.view), this.view);
                this.view.focus();
            } else if (button?.dataset.ask) this.ask(button.dataset.ask);
        });
        this.tools?.addEventListener('change', ({target}) => {
            if (target.dataset.apply) this.apply(target.dataset.apply, {[target.dataset.name]: target.value});
        });
        this.tools?.addEventListener('keydown', (event) => {
            const all = [...this.tools.querySelectorAll('button, select')].filter((one) => one.offsetParent);
            const step = {ArrowRight: 1, ArrowLeft: -1}[event.key], at = all.indexOf(document.activeElement);
            if (step && at >= 0 && event.target.tagName !== 'SELECT') all.at((at + step) % all.length).focus();
            if (event.key === 'Escape') this.view.focus();
        });
    }

    show() {
        const now = standing(this.view.state);
        for (const one of this.tools?.querySelectorAll('[data-cmd], [data-ask]') ?? []) {
            const name = one.dataset.cmd ?? one.dataset.ask;
            if (name in now.on) one.setAttribute('aria-pressed', String(now.on[name]));
        }
        for (const part of this.tools?.querySelectorAll('[data-in]') ?? []) {
            const value = now[part.dataset.in];
            part.hidden = value === null || value === false;
            const choice = part.querySelector('select');
            if (choice && !part.hidden) choice.value = value;
        }
    }

    say(state, words = '') {
        if (!this.told) return;
        this.told.dataset.state = state;
        this.told.textContent = words || this.config.words[state] || '';
    }
}

async function post(url, body, type) {
    try {
        const answer = await fetch((window.path_prefix ?? '') + url,
            {method: 'POST', body, headers: type ? {'Content-Type': type} : {}});
        return answer.ok ? await answer.json() : null;
    } catch {
        return null;
    }
}
