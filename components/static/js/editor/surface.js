// The element of NiceGUI around the editor; the editor itself comes when the first one opens.

export default {
    template: '<div></div>',
    props: {module: String, html: String, config: Object},
    async mounted() {
        const {open} = await import((window.path_prefix ?? '') + this.module);
        if (!this.gone) this.editor = open(this.$el, this.html, this.config, (event, given) => this.$emit(event, given));
        this.$emit('opened');
    },
    unmounted() {
        this.gone = true;
        this.editor?.close();
    },
    methods: {
        flush() { return this.editor?.flush(); },
        apply(act, given) { this.editor?.apply(act, given); },
        goOn() { this.editor?.goOn(); },
        forget() { this.editor?.forget(); },
    },
};
