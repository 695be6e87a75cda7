// Words on their way to the server: sent as they are typed, and kept in this browser until the server has them.

const KEPT = 'cw-unsent:';
const FIRST_PAUSE = 500, LONGEST_PAUSE = 15000, PATIENCE = 20000;  // milliseconds

export class Sender {
    // `say(state, words)` hears saving, saved, offline and refused
    constructor({url, person, base_hash, say}) {
        Object.assign(this, {url, base_hash, say, key: KEPT + person + ':' + url, pause: FIRST_PAUSE, waiting: null});
        this.online = () => this.soon(0);
        addEventListener('online', this.online);
    }

    typed(content) {
        this.waiting = {base_hash: this.base_hash, content};
        keep(this.key, {url: this.url, ...this.waiting});
        this.say('saving');
        this.soon(FIRST_PAUSE + content.html.length / 500);
    }

    // true once the server has everything, false where it cannot be reached or does not take it
    async sent() {
        clearTimeout(this.timer);
        await this.running;
        if (this.waiting) await (this.running = this.send());
        return !this.waiting;
    }

    forget() {
        this.close();
        this.waiting = null;
        drop(this.key);
    }

    close() {
        clearTimeout(this.timer);
        removeEventListener('online', this.online);
    }

    soon(pause) {
        if (!this.waiting) return;
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.running = this.send(), pause);
    }

    async send() {
        const words = this.waiting;
        if (!words) return;
        const answer = await put(this.url, words);
        if (answer?.ok) {
            this.pause = FIRST_PAUSE;
            if (this.waiting !== words) return;
            this.waiting = null;
            drop(this.key);
            this.say('saved');
        } else if (answer && answer.status < 500 && answer.status !== 429) {
            this.say('refused', (await answer.json().catch(() => ({}))).detail ?? '');
        } else {
            this.say('offline');
            this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
            this.soon(this.pause);
        }
    }
}

// What an earlier page of this person could not send any more; the newest word about it wins.
export async function sendLeftOver(person) {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith(KEPT + person + ':'))) {
        const {url, ...words} = JSON.parse(localStorage.getItem(key) ?? '{}');
        const answer = url && await put(url, words);
        if (!url || answer?.ok || [403, 404].includes(answer?.status)) drop(key);
    }
}

async function put(url, words) {
    const request = {method: 'PUT', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(words)};
    try {
        return await fetch((window.path_prefix ?? '') + url, {...request, signal: AbortSignal.timeout(PATIENCE)});
    } catch {
        return null;
    }
}

function keep(key, words) {
    try { localStorage.setItem(key, JSON.stringify(words)); } catch { /* full, or switched off: the server has most */ }
}

function drop(key) {
    try { localStorage.removeItem(key); } catch { /* switched off */ }
}
