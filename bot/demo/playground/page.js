// The few things that only the browser can do: report what was worked, keep what was typed.
const pg = {
  typed: {},

  // A click on a button, on the line of a thread, or on a link that leads out of the playground.
  click(event, emit) {
    const target = event.target.closest("button[data-action],[data-thread],[data-leads],[data-close],[data-field]");
    if (!target) return;
    if (target.dataset.leads || target.dataset.field) event.preventDefault();
    if (target.dataset.field) {
      const field = document.getElementById(target.dataset.field);
      (field.matches("fieldset") ? field.querySelector("input") : field).focus();
      return;
    }
    emit({ ...target.dataset, ...pg.place(target) });
  },

  // A choice outside a form, or an input that reports each change.
  change(event, emit) {
    const target = event.target;
    const dispatching = target.closest("[data-dispatch]");
    if (dispatching) {
      emit({ block: dispatching.dataset.block, action: dispatching.dataset.dispatch, value: target.value,
        values: pg.values(target.form), ...pg.place(target) });
    } else if (target.dataset.action && target.value) {
      emit({ ...target.dataset, value: target.value, ...pg.place(target) });
    }
  },

  place(target) {
    const message = target.closest("[data-ts]"), view = target.closest("[data-view]");
    return { ts: message ? message.dataset.ts : "", view: view ? view.dataset.view : "" };
  },

  // What stands in a form: a text, or a list where several can be chosen.
  values(form) {
    const values = {};
    for (const field of form.elements) {
      if (!field.name || field.disabled) continue;
      if (field.type === "checkbox") {
        values[field.name] = values[field.name] || [];
        if (field.checked) values[field.name].push(field.value);
      } else if (field.type === "radio") {
        if (field.checked) values[field.name] = field.value;
      } else values[field.name] = field.value;
    }
    return values;
  },

  remember(event) {
    const form = event.target.closest("form[data-view]");
    if (form) pg.typed[form.dataset.view] = pg.values(form);
  },

  fill(values, form) {
    form = form || document.querySelector("form[data-view]");
    if (!form) return;
    for (const field of form.elements) {
      if (!(field.name in values)) continue;
      const value = values[field.name];
      if (field.type === "checkbox") field.checked = value.includes(field.value);
      else if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
    }
    pg.typed[form.dataset.view] = pg.values(form);
  },

  // After the modal was drawn again: what was typed, and the place of the cursor.
  async show(id, focus) {
    await pg.drawn();
    const dialog = document.getElementById(id);
    if (!dialog) return;
    if (!dialog.open) dialog.showModal();
    const form = dialog.querySelector("form[data-view]");
    if (!form) return;
    if (pg.typed[form.dataset.view]) pg.fill(pg.typed[form.dataset.view], form);
    const wrong = form.querySelector("[aria-invalid]");
    const same = focus && form.querySelector(`[name="${CSS.escape(focus)}"]`);
    const first = form.querySelector(".inside input, .inside select, .inside textarea, footer button");
    (wrong || same || first || dialog).focus();
  },

  async hide(id) {
    await pg.drawn();
    const dialog = document.getElementById(id);
    if (dialog && dialog.open) dialog.close();
  },

  // In a narrow window: which of the three parts is shown.
  look(name) {
    document.getElementById("shell").dataset.shows = name;
    for (const button of document.querySelectorAll("[data-view-of]"))
      button.setAttribute("aria-pressed", button.dataset.viewOf === name);
  },

  drawn() { return new Promise((done) => setTimeout(() => requestAnimationFrame(done), 0)); },

  // The newest message stays in sight, a tall one from its beginning, unless the reader has gone up to read.
  stuck: true,
  meant: 0,
  scrolled(event) {
    const list = event.target, left = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (left < 40) pg.stuck = true;
    else if (performance.now() - pg.meant < 1000) pg.stuck = false;
  },
  stick() {
    const list = document.getElementById("messages");
    if (!list || !pg.stuck) return;
    const last = list.querySelector("ol.messages > li:last-child");
    const tall = last && last.offsetHeight > list.clientHeight;
    list.scrollTop = tall ? last.offsetTop - list.offsetTop : list.scrollHeight;
  },
  async settle(moved) {
    await pg.drawn();
    const list = document.getElementById("messages");
    if (list && !pg.watching) {
      pg.watching = new ResizeObserver(pg.stick);
      for (const part of [list, list.firstElementChild]) pg.watching.observe(part);
      for (const act of ["wheel", "touchmove", "pointerdown", "keydown"])
        list.addEventListener(act, () => { pg.meant = performance.now(); }, { passive: true });
    }
    if (moved) pg.stuck = true;
    pg.stick();
    if (document.activeElement === document.body && pg.worked) {
      const message = document.querySelector(`[data-ts="${CSS.escape(pg.worked)}"]`);
      if (message) { message.tabIndex = -1; message.focus({ preventScroll: true }); }
      pg.worked = "";
    }
  },

  // The box for messages: keys that belong to the list of suggestions.
  key(event, emit) {
    const list = document.getElementById("suggestions");
    const open = list && list.children.length > 0;
    const mine = event.key === "Enter" || (open && ["ArrowDown", "ArrowUp", "Tab", "Escape"].includes(event.key));
    if (!mine || event.isComposing || (event.key === "Tab" && event.shiftKey)) return;
    event.preventDefault();
    emit({ key: event.key, value: event.target.value });
  },
  async preset(id, value) {
    await pg.drawn();
    document.getElementById(id).value = value;
  },
  async reveal(id) {
    await pg.drawn();
    document.getElementById(id)?.scrollIntoView({ block: "nearest" });
  },
  put(text) {
    const box = document.getElementById("composer");
    box.value = text;
    box.focus();
    box.setSelectionRange(text.length, text.length);
  },
};
