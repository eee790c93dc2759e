/* Amends widget. Built from src/ by bundle.py; change it there. */
(() => {
"use strict";
const ANSWER_WITHIN_MS = 15_000;
class ApiError extends Error {
constructor(status, code, retryAfterSeconds = 0) {
super(code);
this.status = status;
this.code = code;
this.retryAfterSeconds = retryAfterSeconds;
}
get gone() {
return this.status === 401 || this.status === 403 || this.status === 404;
}
get passing() {
return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
}
}
async function failure(response) {
const body = await response.json().catch(() => null);
const wait = Number(response.headers.get("Retry-After")) || 0;
return new ApiError(response.status, body?.error?.code || "unknown", wait);
}
class Api {
#server;
constructor(server) {
this.#server = server;
}
create(fields) {
return this.#json("POST", "/api/conversations", null, fields);
}
post(conversation, message) {
return this.#json("POST", this.#path(conversation, "messages"), conversation, message);
}
messages(conversation, after) {
return this.#json("GET", this.#path(conversation, `messages?after=${after}`), conversation);
}
survey(conversation, rating) {
return this.#json("POST", this.#path(conversation, "survey"), conversation, rating);
}
async stream(conversation, after, signal) {
const headers = { Accept: "text/event-stream", "Last-Event-ID": String(after) };
const path = this.#path(conversation, "stream");
return (await this.#fetch(path, { headers, signal }, conversation)).body;
}
#path(conversation, rest) {
return `/api/conversations/${encodeURIComponent(conversation.id)}/${rest}`;
}
async #json(method, path, conversation, body) {
const limit = new AbortController();
const timer = setTimeout(() => limit.abort(), ANSWER_WITHIN_MS);
const options = { method, headers: {}, signal: limit.signal };
if (body) {
options.headers["Content-Type"] = "application/json";
options.body = JSON.stringify(body);
}
try {
const response = await this.#fetch(path, options, conversation);
return await response.json();
} catch (error) {
throw error instanceof ApiError ? error : new ApiError(0, "unknown");
} finally {
clearTimeout(timer);
}
}
async #fetch(path, options, conversation) {
if (conversation) options.headers.Authorization = `Bearer ${conversation.token}`;
const fixed = { cache: "no-store", credentials: "omit", mode: "cors" };
let response;
try {
response = await fetch(this.#server + path, { ...options, ...fixed });
} catch {
throw new ApiError(0, "unknown");
}
if (!response.ok) throw await failure(response);
return response;
}
}
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
chat: "M12 3.5c-5 0-9 3.4-9 7.7 0 2.2 1.1 4.2 2.8 5.6-.1 1-.6 2.2-1.6 3.2 1.9 0 3.6-.7 4.8-1.5.9.3 1.9.4 3 .4 5 0 9-3.4 9-7.7s-4-7.7-9-7.7z",
down: "M6 9.5l6 6 6-6",
close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
send: "M12 19V5.5M6 11.5l6-6 6 6",
person: "M12 11.5a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5zM4.5 20c.8-3.6 3.8-5.5 7.5-5.5s6.7 1.9 7.5 5.5",
fresh: "M12 5v14M5 12h14",
case: "M7 4h10a1.5 1.5 0 0 1 1.5 1.5V20l-3.2-2-3.3 2-3.3-2-3.2 2V5.5A1.5 1.5 0 0 1 7 4zM9 9h6M9 13h4",
offer: "M4 9h16v3H4zM5.5 12v8h13v-8M12 9v11M12 9C9 9 7.5 7.8 7.5 6.200S9.8 4 12 9c2.2-5 4.5-4.4 4.5-2.800S15 9 12 9z",
promise: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.2 12.300l2.6 2.6 5-5.4",
star: "M12 4l2.5 5.1 5.6.8-4.1 4 1 5.6-5-2.7-5 2.7 1-5.6-4.1-4 5.6-.8z",
};
function h(tag, props = {}, ...children) {
const node = document.createElement(tag);
for (const [name, value] of Object.entries(props)) {
if (value === null || value === undefined || value === false) continue;
if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
else node.setAttribute(name, value === true ? "" : String(value));
}
node.append(...children.filter((child) => child !== null && child !== undefined));
return node;
}
function icon(name) {
const svg = document.createElementNS(SVG, "svg");
const path = document.createElementNS(SVG, "path");
svg.setAttribute("viewBox", "0 0 24 24");
svg.setAttribute("aria-hidden", "true");
svg.setAttribute("class", `icon icon-${name}`);
path.setAttribute("d", ICONS[name]);
svg.append(path);
return svg;
}
function linked(text) {
const parts = [];
let from = 0;
for (const match of text.matchAll(/https?:\/\/[^\s<>"'\u0060]+/gi)) {
const address = match[0].replace(/[.,;:!?…)\]}]+$/u, "");
const link = safeLink(address);
if (!link) continue;
parts.push(text.slice(from, match.index), link);
from = match.index + address.length;
}
parts.push(text.slice(from));
return parts.filter((part) => part !== "");
}
function safeLink(address) {
try {
const url = new URL(address);
if (url.protocol !== "http:" && url.protocol !== "https:") return null;
return h("a", { href: url.href, target: "_blank", rel: "noopener noreferrer" }, address);
} catch {
return null;
}
}
const GREETED = "greeted";
class Launcher {
#t;
#shelf;
#badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
#teaser = null;
constructor(t, greeting, shelf, on) {
this.#t = t;
this.#shelf = shelf;
this.button = h(
"button",
{ type: "button", class: "launcher", "aria-expanded": "false", onclick: on.toggle },
icon("chat"),
icon("down"),
this.#badge,
);
if (greeting && !shelf.read(GREETED)) this.#teaser = this.#buildTeaser(greeting, on.open);
this.node = h("div", { class: "corner" }, this.#teaser, this.button);
}
update(open, unread) {
const count = open ? 0 : unread;
const name = count ? this.#t.launcherUnread(count) : this.#t.launcher;
this.button.setAttribute("aria-expanded", String(open));
this.button.setAttribute("aria-label", open ? this.#t.close : name);
this.#badge.hidden = !count;
this.#badge.textContent = count > 9 ? "9+" : String(count);
if (open) this.#dismiss();
}
focus() {
this.button.focus({ preventScroll: true });
}
#buildTeaser(greeting, open) {
const dismiss = () => {
this.#dismiss();
this.focus();
};
return h(
"div",
{ class: "teaser" },
h("button", { type: "button", class: "teaser-text", dir: "auto", onclick: open }, greeting),
h(
"button",
{ type: "button", class: "bare", "aria-label": this.#t.dismiss, onclick: dismiss },
icon("close"),
),
);
}
#dismiss() {
if (!this.#teaser) return;
this.#teaser.remove();
this.#teaser = null;
this.#shelf.write(GREETED, true);
}
}
const WHITE = [255, 255, 255];
const BLACK = [0, 0, 0];
const INK = [17, 20, 24];
function parseColor(value, probe) {
if (!value || !CSS.supports("color", value)) return null;
probe.style.color = value;
const parts = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)/.exec(getComputedStyle(probe).color);
probe.style.color = "";
return parts ? parts.slice(1, 4).map(Number) : null;
}
function luminance(rgb) {
const [r, g, b] = rgb.map((channel) => {
const share = channel / 255;
return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
});
return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(one, other) {
const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
return (high + 0.05) / (low + 0.05);
}
function mix(from, to, share) {
return from.map((channel, at) => Math.round(channel + (to[at] - channel) * share));
}
function readableOn(rgb) {
return contrast(rgb, WHITE) >= 4.5 || contrast(rgb, WHITE) >= contrast(rgb, INK) ? WHITE : INK;
}
function readableAgainst(rgb, surface) {
const light = luminance(surface) > 0.4;
const enough = light ? 4.7 : 6.5;
for (const target of light ? [BLACK] : [vivid(rgb), WHITE]) {
for (let share = 0; share <= 1; share += 0.04) {
const tried = mix(rgb, target, share);
if (contrast(tried, surface) >= enough) return tried;
}
}
return light ? BLACK : WHITE;
}
function vivid(rgb) {
const brightest = Math.max(...rgb, 1);
return mix(
rgb.map((channel) => (channel * 255) / brightest),
WHITE,
0.4,
);
}
function cssColor(rgb) {
return `rgb(${rgb.join(" ")})`;
}
const DEFAULT_COLOR = [38, 84, 74];
const SURFACE = { light: [255, 255, 255], dark: [24, 26, 30] };
const PHONE = "(max-width: 519px), (max-height: 459px) and (max-width: 959px)";
class Look {
#host;
#root;
#dark = matchMedia("(prefers-color-scheme: dark)");
#phone = matchMedia(PHONE);
#onPhone;
#listening = new AbortController();
constructor(host, root, onPhone) {
this.#host = host;
this.#root = root;
this.#onPhone = onPhone;
const { signal } = this.#listening;
this.#dark.addEventListener("change", () => this.apply(), { signal });
this.#phone.addEventListener("change", () => this.apply(), { signal });
for (const kind of ["resize", "scroll"])
window.visualViewport?.addEventListener(kind, () => this.fit(), { signal });
this.apply();
}
get isPhone() {
return this.#phone.matches;
}
apply() {
const { theme, position, color } = this.#host.dataset;
const fixed = theme === "light" || theme === "dark" ? theme : null;
const scheme = fixed || (this.#dark.matches ? "dark" : "light");
const accent = parseColor(color, this.#root) || DEFAULT_COLOR;
const { classList, style } = this.#root;
classList.toggle("dark", scheme === "dark");
classList.toggle("left", position === "left");
classList.toggle("phone", this.#phone.matches);
style.setProperty("--accent", cssColor(accent));
style.setProperty("--on-accent", cssColor(readableOn(accent)));
style.setProperty("--accent-text", cssColor(readableAgainst(accent, SURFACE[scheme])));
this.#onPhone(this.#phone.matches);
this.fit();
}
fit() {
const view = window.visualViewport;
if (!view || view.scale > 1.05) return; // a zooming visitor reads, the layout stays
this.#root.style.setProperty("--view-height", `${view.height}px`);
this.#root.style.setProperty("--view-top", `${view.offsetTop}px`);
}
drop() {
this.#listening.abort();
}
}
const TEXT_LIMIT = 2000;
const COUNT_FROM = 1800;
const TALLEST_PX = 140;
const DRAFT = "draft";
function lengthOf(text) {
return [...text].length;
}
class Composer {
#t;
#shelf;
#send;
#button;
#count = h("p", { class: "count", id: "count", hidden: true });
constructor(t, shelf, send) {
this.#t = t;
this.#shelf = shelf;
this.#send = send;
this.input = h("textarea", {
rows: "1",
dir: "auto",
enterkeyhint: "send",
autocomplete: "off",
placeholder: t.placeholder,
"aria-label": t.composer,
"aria-describedby": "count",
oninput: () => this.#changed(),
onkeydown: (event) => this.#key(event),
});
this.#button = h(
"button",
{ type: "submit", class: "send", "aria-label": t.send, title: t.send },
icon("send"),
);
const field = h("div", { class: "field" }, this.input, this.#button);
this.node = h("form", { class: "composer", novalidate: true }, this.#count, field);
this.node.addEventListener("submit", (event) => {
event.preventDefault();
this.#submit();
});
this.input.value = shelf.read(DRAFT) || "";
this.#changed();
}
suggest(text) {
if (this.input.value.trim()) return;
this.input.value = text;
this.#changed();
}
clear() {
this.input.value = "";
this.#changed();
}
setPlaceholder(text) {
if (this.input.placeholder !== text) this.input.placeholder = text;
}
fit() {
if (!this.input.scrollHeight) return;
this.input.style.height = "auto";
this.input.style.height = `${Math.min(TALLEST_PX, this.input.scrollHeight)}px`;
}
#changed() {
const text = this.input.value;
const left = TEXT_LIMIT - lengthOf(text);
this.#shelf.write(DRAFT, text || null);
this.#button.disabled = left < 0 || !text.trim();
this.#count.hidden = left > TEXT_LIMIT - COUNT_FROM;
this.#count.textContent = left < 0 ? this.#t.over(-left) : this.#t.left(left);
this.#count.classList.toggle("over", left < 0);
this.input.setAttribute("aria-invalid", String(left < 0));
this.fit();
}
#key(event) {
const composing = event.isComposing || event.keyCode === 229; // Enter picks a candidate
if (event.key !== "Enter" || event.shiftKey || composing) return;
event.preventDefault();
this.#submit();
}
#submit() {
const text = this.input.value.trim();
if (!text || lengthOf(this.input.value) > TEXT_LIMIT) return;
this.clear();
this.#send(text);
this.input.focus();
}
}
function regional(language) {
return navigator.languages.find((tag) => tag.split("-")[0] === language) || language;
}
function formatted(iso, language, options) {
const date = new Date(iso);
return Number.isNaN(date.getTime()) ? "" : date.toLocaleString(language, options);
}
function clockTime(iso, language) {
return formatted(iso, language, { hour: "numeric", minute: "2-digit" });
}
function moment(iso, language) {
const day = { weekday: "long", day: "numeric", month: "long" };
return formatted(iso, language, { ...day, hour: "numeric", minute: "2-digit" });
}
function dayKey(iso) {
return new Date(iso).toDateString();
}
function dayName(iso, language, t) {
const now = new Date();
const yesterday = new Date(now);
yesterday.setDate(now.getDate() - 1);
if (dayKey(iso) === now.toDateString()) return t.today;
if (dayKey(iso) === yesterday.toDateString()) return t.yesterday;
return formatted(iso, language, { weekday: "long", day: "numeric", month: "long" });
}
function frame(kind, mark, label, ...content) {
const head = h("p", { class: "card-label" }, icon(mark), h("span", {}, label));
const attributes = { class: `card card-${kind}`, role: "group", "aria-label": label };
return h("div", attributes, head, ...content);
}
function surveyCard(_card, { t, session }, message) {
const node = frame("survey", "star", t.surveyLabel);
if (session.hasRated(message.seq)) node.append(thanks(t));
else node.append(form(t, session, message.seq));
return node;
}
function thanks(t) {
return h("p", { class: "card-strong", tabindex: "-1" }, t.surveyThanks);
}
function scale(t, seq) {
const options = t.surveyScale.map((meaning, at) => {
const value = at + 1;
const id = `score-${seq}-${value}`;
const name = `score-${seq}`;
return h(
"span",
{ class: "score" },
h("input", { type: "radio", id, name, value, "aria-label": `${value}, ${meaning}` }),
h("label", { for: id, "aria-hidden": "true" }, String(value)),
);
});
const [worst, best] = [t.surveyScale[0], t.surveyScale.at(-1)];
return h(
"fieldset",
{ class: "scale" },
h("legend", { class: "sr" }, t.surveyScaleLabel),
h("div", { class: "scores" }, ...options),
h("p", { class: "ends", "aria-hidden": "true" }, h("span", {}, worst), h("span", {}, best)),
);
}
function form(t, session, seq) {
const id = `comment-${seq}`;
const comment = h("textarea", { id, rows: "2", maxlength: "2000", dir: "auto" });
const error = h("p", { class: "card-error", role: "alert" });
const button = h("button", { type: "submit", class: "button primary" }, t.surveySend);
const node = h(
"form",
{ novalidate: true },
scale(t, seq),
h("label", { class: "comment-label", for: id }, t.surveyComment),
comment,
error,
button,
);
node.addEventListener("submit", async (event) => {
event.preventDefault();
const picked = node.querySelector("input:checked");
error.textContent = picked ? "" : t.surveyPick;
if (!picked) return node.querySelector("input").focus();
button.disabled = true;
await send(node, error, t, () => session.rate(seq, Number(picked.value), comment.value.trim()));
button.disabled = false;
});
return node;
}
async function send(node, error, t, rate) {
try {
await rate();
} catch (failure) {
error.textContent = t.errors[failure.code] || t.errors.unknown;
return;
}
const done = thanks(t);
node.replaceWith(done);
done.focus();
}
const CARDS = {
case: caseCard,
offer: offerCard,
promise: promiseCard,
handoff: handoffCard,
survey: surveyCard,
};
function cardFor(message, context) {
const build = message.card && Object.hasOwn(CARDS, message.card.kind) && CARDS[message.card.kind];
return build ? build(message.card, context, message) : null;
}
function caseCard(card, { t }) {
const number = h("p", { class: "card-number", dir: "ltr" }, card.case_number);
const next = card.next_step
? h("p", { class: "card-note", dir: "auto" }, `${t.caseNext}: ${card.next_step}`)
: null;
return frame("case", "case", t.caseLabel, number, next);
}
function offerCard(card, { t, language }) {
const lines = card.lines.map((line) =>
h(
"li",
{},
h("span", { dir: "auto" }, line.title),
line.amount ? h("span", { class: "amount", dir: "auto" }, line.amount) : null,
),
);
const when = moment(card.expires_at, language);
const over = when && new Date(card.expires_at) < new Date();
const note = when ? (over ? t.offerExpired(when) : t.offerUntil(when)) : null;
const node = frame(
"offer",
"offer",
t.offerLabel,
h("ul", { class: "lines" }, ...lines),
note ? h("p", { class: "card-note" }, note) : null,
);
node.classList.toggle("over", Boolean(over));
return node;
}
function promiseCard(card, { t, language }) {
const lines = card.lines.map((line) => {
const when = moment(line.due_at, language);
const due = when ? h("span", { class: "due" }, t.promiseDue(when)) : null;
return h("li", {}, h("span", { dir: "auto" }, line.title), due);
});
return frame("promise", "promise", t.promiseLabel, h("ol", { class: "steps" }, ...lines));
}
function handoffCard(card, { t, language }, message) {
const said = [];
if (card.position !== null && card.position !== undefined)
said.push(card.position <= 1 ? t.handoffNext : t.handoffAhead(card.position - 1));
const minutes = card.expected_minutes;
said.push(Number.isFinite(minutes) ? t.handoffMinutes(minutes) : t.handoffUnknown);
const asOf = t.asOf(clockTime(message.at, language));
return frame(
"handoff",
"person",
t.handoffLabel,
h("p", { class: "card-strong" }, said.join(" ")),
h("p", { class: "card-note" }, `${asOf}. ${t.handoffLeave}`),
);
}
const NEAR_END_PX = 80;
const QUESTION_MARGIN_PX = 12;
const QUESTION_KEPT_PX = 160; // of a long question, its end is enough
const GROUP_MS = 5 * 60_000;
class Log {
#t;
#session;
#on;
#language;
#nodes = new Map();
#shownChoices = "";
#following = true; // the visitor reads along, so new messages scroll into view
#list = h("div", { class: "list" });
#choices;
#typing = h("div", { class: "typing", "aria-hidden": "true", hidden: true });
#more;
constructor(t, session, name, on) {
this.#t = t;
this.#session = session;
this.#language = regional(session.language);
this.#on = on;
this.#choices = h("div", { class: "choices", role: "group", "aria-label": t.choices });
this.#typing.append(h("span"), h("span"), h("span"));
const toEnd = { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() };
this.#more = h("button", toEnd, icon("down"), t.newMessages);
this.scroller = h(
"div",
{ class: "scroller", role: "log", "aria-live": "polite", "aria-label": t.log, tabindex: "0" },
this.#intro(name),
this.#list,
this.#choices,
this.#typing,
);
this.scroller.addEventListener("scroll", () => this.#scrolled(), { passive: true });
this.node = h("div", { class: "log" }, this.scroller, this.#more);
new ResizeObserver(() => this.#following && this.toEnd()).observe(this.scroller);
}
reset() {
for (const node of this.#nodes.values()) node.remove();
this.#nodes.clear();
this.#following = true;
}
update() {
const session = this.#session;
this.scroller.setAttribute("aria-live", session.loaded ? "polite" : "off");
const before = this.#nodes.size;
this.#syncMessages(session.transcript.entries);
this.#syncChoices();
this.#typing.hidden = !session.typing;
if (!session.loaded || session.transcript.pending.length) this.toEnd();
else if (this.#following) this.#follow();
if (this.#nodes.size > before && this.#belowFold > NEAR_END_PX) this.#more.hidden = false;
}
toEnd() {
this.scroller.scrollTop = this.scroller.scrollHeight;
this.#following = true;
this.#more.hidden = true;
}
#follow() {
const asked = [...this.#list.querySelectorAll(".customer")].at(-1);
const end = this.scroller.scrollHeight - this.scroller.clientHeight;
const kept = Math.min(asked?.offsetHeight, QUESTION_KEPT_PX);
const limit = asked ? asked.offsetTop + asked.offsetHeight - kept - QUESTION_MARGIN_PX : end;
this.scroller.scrollTop = Math.max(this.scroller.scrollTop, Math.min(end, limit));
this.#following = this.#belowFold < NEAR_END_PX;
}
get #belowFold() {
const { scrollTop, scrollHeight, clientHeight } = this.scroller;
return scrollHeight - scrollTop - clientHeight;
}
#scrolled() {
if (!this.scroller.clientHeight) return; // closed
this.#following = this.#belowFold < NEAR_END_PX;
if (this.#following) this.#more.hidden = true;
}
#intro(name) {
return h(
"div",
{ class: "intro" },
h("p", { class: "intro-title" }, this.#t.introTitle),
h("p", {}, this.#t.introText(name)),
);
}
#syncMessages(entries) {
const wanted = new Set();
let place = null;
let previous = null;
for (const { key, message } of entries) {
if (!previous || dayKey(previous.at) !== dayKey(message.at)) {
place = this.#put(`day-${dayKey(message.at)}`, wanted, place, () => this.#day(message));
}
place = this.#put(key, wanted, place, () => this.#message(message));
this.#refresh(place, message, previous);
previous = message;
}
for (const [key, node] of this.#nodes) {
if (wanted.has(key)) continue;
node.remove();
this.#nodes.delete(key);
}
}
#put(key, wanted, after, build) {
wanted.add(key);
if (!this.#nodes.has(key)) this.#nodes.set(key, build());
const node = this.#nodes.get(key);
if (node.previousSibling !== after || !node.parentNode) {
if (after) after.after(node);
else this.#list.prepend(node);
}
return node;
}
#day(message) {
return h("p", { class: "day" }, dayName(message.at, this.#language, this.#t));
}
#message(message) {
const t = this.#t;
const names = { customer: t.you, bot: t.assistant, staff: message.author || t.staff };
const who = names[message.role];
const context = { t, language: this.#language, session: this.#session };
return h(
"div",
{ class: `message ${message.role}` },
who ? h("p", { class: "who" }, who, h("span", { class: "sr" }, ":")) : null,
message.text ? h("div", { class: "bubble", dir: "auto" }, ...linked(message.text)) : null,
cardFor(message, context),
h("p", { class: "meta" }),
);
}
#refresh(node, message, previous) {
const near = previous && new Date(message.at) - new Date(previous.at) < GROUP_MS;
const same = near && previous.role === message.role && previous.author === message.author;
node.classList.toggle("follows", Boolean(same));
const state = message.seq ? "sent" : message.state;
if (node.dataset.state === state) return;
node.dataset.state = state;
const meta = node.lastElementChild;
if (state === "sent") meta.replaceChildren(clockTime(message.at, this.#language));
else if (state === "sending") meta.replaceChildren(this.#t.sending);
else meta.replaceChildren(this.#t.failed, " ", this.#retryButton());
}
#retryButton() {
const retry = () => {
this.#on.lost();
this.#session.retry();
};
return h("button", { type: "button", class: "retry", onclick: retry }, this.#t.retry);
}
#syncChoices() {
const session = this.#session;
const fresh = session.transcript.empty && session.loaded;
const choices = fresh
? this.#t.starters.map((title) => ({ title, pick: () => session.send(title) }))
: session.transcript.liveChoices.map((choice) => ({
title: choice.title,
id: choice.id,
pick: () => session.choose(choice),
}));
const shown = JSON.stringify([session.transcript.lastSeq, choices]);
if (shown === this.#shownChoices) return;
this.#shownChoices = shown;
const focused = this.#choices.contains(this.#choices.getRootNode().activeElement);
const buttons = choices.map(({ title, pick }) =>
h("button", { type: "button", class: "choice", dir: "auto", onclick: pick }, title),
);
this.#choices.replaceChildren(...buttons);
this.#choices.hidden = !buttons.length;
if (focused) this.#on.lost();
}
}
class Menu {
#t;
#on;
#list;
constructor(t, on) {
this.#t = t;
this.#on = on;
this.button = h(
"button",
{
type: "button",
class: "bare",
"aria-label": t.menu,
title: t.menu,
"aria-expanded": "false",
"aria-controls": "menu",
onclick: () => (this.isOpen ? this.close() : this.#open()),
},
icon("more"),
);
this.#list = h("div", { class: "menu", id: "menu", hidden: true });
this.node = h("div", { class: "menu-place" }, this.button, this.#list);
this.node.addEventListener("focusout", (event) => this.#focusLeft(event));
}
get isOpen() {
return !this.#list.hidden;
}
close() {
const inside = this.#list.contains(this.#list.getRootNode().activeElement);
this.#list.hidden = true;
this.button.setAttribute("aria-expanded", "false");
if (inside) this.button.focus();
}
#open() {
const { askForPerson, newConversation } = this.#t;
this.#show(
this.#item(askForPerson, "person", () => this.#finish(this.#on.person)),
this.#item(newConversation, "fresh", () => this.#confirm()),
);
this.button.setAttribute("aria-expanded", "true");
}
#confirm() {
this.#show(
h("p", {}, this.#t.confirmNew),
this.#item(this.#t.confirmNewYes, null, () => this.#finish(this.#on.fresh)),
this.#item(this.#t.confirmNewNo, null, () => this.close()),
);
}
#show(...nodes) {
this.#list.hidden = false;
this.#list.replaceChildren(...nodes);
this.#list.querySelector("button").focus();
}
#finish(action) {
this.close();
action();
}
#item(label, mark, onclick) {
return h("button", { type: "button", onclick }, mark ? icon(mark) : null, label);
}
#focusLeft(event) {
if (this.isOpen && event.relatedTarget && !this.node.contains(event.relatedTarget)) this.close();
}
}
const NOTICE_MS = 9_000;
const TOUCH = "(pointer: coarse)";
class Panel {
#t;
#session;
#log;
#menu;
#status = h("span", { class: "status-text" });
#header;
#live = h("p", { class: "sr", role: "status" });
#notice = h("p", { class: "notice", role: "status", hidden: true });
#said = "";
#saidTimer = 0;
constructor(t, session, options, on) {
this.#t = t;
this.#session = session;
this.composer = new Composer(t, options.store.tab, (text) => {
this.say("");
session.send(text);
});
this.#log = new Log(t, session, options.name, { lost: () => this.focus() });
this.#menu = new Menu(t, {
person: () => session.send(t.askForPersonMessage),
fresh: () => this.#startAnew(),
});
this.#header = this.#buildHeader(options.name, on.close);
this.node = this.#build(options.name, on.close);
}
#build(name, close) {
const attributes = { class: "panel", id: "panel", role: "dialog", hidden: true };
const node = h(
"section",
{ ...attributes, "aria-label": this.#t.panel(name) },
this.#header,
this.#log.node,
this.#notice,
this.composer.node,
this.#live,
);
node.addEventListener("keydown", (event) => this.#key(event, close));
node.addEventListener("pointerdown", (event) => {
const inMenu = event.composedPath().includes(this.#menu.node);
if (this.#menu.isOpen && !inMenu) this.#menu.close();
});
return node;
}
#buildHeader(name, close) {
const label = this.#t.close;
const attributes = { type: "button", class: "bare", "aria-label": label, title: label };
return h(
"header",
{ class: "header" },
h("span", { class: "avatar", "aria-hidden": "true" }, [...name][0] || ""),
h(
"div",
{ class: "heading" },
h("h2", { dir: "auto" }, name),
h("p", { class: "status" }, h("span", { class: "dot" }), this.#status),
),
this.#menu.node,
h("button", { ...attributes, onclick: close }, icon("close")),
);
}
get isOpen() {
return !this.node.hidden;
}
show() {
this.node.hidden = false;
this.composer.fit();
this.#log.toEnd();
}
hide() {
this.#menu.close();
this.node.hidden = true;
}
focus() {
const target = matchMedia(TOUCH).matches ? this.#log.scroller : this.composer.input;
target.focus({ preventScroll: true });
}
setModal(modal) {
if (modal) this.node.setAttribute("aria-modal", "true");
else this.node.removeAttribute("aria-modal");
}
reset() {
this.#log.reset();
}
say(text) {
clearTimeout(this.#saidTimer);
this.#said = text;
if (text) this.#saidTimer = setTimeout(() => this.say(""), NOTICE_MS);
this.#updateNotice();
}
toEnd() {
this.#log.toEnd();
}
update() {
const { mode, typing } = this.#session;
const t = this.#t;
this.#header.dataset.mode = mode;
setText(this.#status, this.#modeText(mode));
const writer = typing === "staff" ? this.#session.transcript.staffName || t.staff : t.assistant;
setText(this.#live, typing ? t.writing(writer) : "");
this.composer.setPlaceholder(mode === "closed" ? t.placeholderClosed : t.placeholder);
this.#updateNotice();
this.#log.update();
}
#modeText(mode) {
const { staffName } = this.#session.transcript;
if (mode === "waiting") return this.#t.modeWaiting;
if (mode === "closed") return this.#t.modeClosed;
if (mode !== "staff") return this.#t.modeBot;
return staffName ? this.#t.modeStaff(staffName) : this.#t.modeStaffUnnamed;
}
#updateNotice() {
const text = this.#said || this.#linkNotice();
setText(this.#notice, text);
this.#notice.hidden = !text;
}
#linkNotice() {
if (!navigator.onLine) return this.#t.offline;
if (!this.#session.linked) return this.#t.reconnecting;
return this.#session.mode === "closed" ? this.#t.closedNote : "";
}
#startAnew() {
this.composer.clear();
this.#session.restart();
this.focus();
}
#key(event, close) {
if (event.key === "Tab" && this.node.hasAttribute("aria-modal")) this.#keepInside(event);
if (event.key !== "Escape" || event.isComposing) return;
event.stopPropagation();
if (this.#menu.isOpen) this.#menu.close();
else close();
}
#keepInside(event) {
const candidates = this.node.querySelectorAll("button, a[href], input, textarea, [tabindex='0']");
const stops = [...candidates].filter((node) => !node.disabled && node.offsetParent);
const edge = event.shiftKey ? stops[0] : stops.at(-1);
if (this.node.getRootNode().activeElement !== edge) return;
event.preventDefault();
(event.shiftKey ? stops.at(-1) : stops[0]).focus();
}
}
function setText(node, text) {
if (node.textContent !== text) node.textContent = text;
}
async function readEvents(body, onEvent, onActivity) {
const reader = body.getReader();
const decoder = new TextDecoder();
let rest = "";
let event = emptyEvent();
for (;;) {
const { done, value } = await reader.read();
if (done) return;
onActivity();
rest += decoder.decode(value, { stream: true });
const lines = rest.split(/\r\n|\n|\r(?!$)/);
rest = lines.pop();
for (const line of lines) event = takeLine(event, line, onEvent);
}
}
function emptyEvent() {
return { type: "message", data: [] };
}
function takeLine(event, line, onEvent) {
if (line === "") {
if (event.data.length) onEvent({ type: event.type, data: event.data.join("\n") });
return emptyEvent();
}
const colon = line.indexOf(":");
const field = colon < 0 ? line : line.slice(0, colon);
const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
if (field === "event") event.type = value;
if (field === "data") event.data.push(value);
return event;
}
const SILENCE_LIMIT_MS = 40_000; // the gateway sends a keep-alive every 15 s
const HIDDEN_GRACE_MS = 60_000; // browsers allow six connections per site: hidden tabs give theirs up
const POLL_MS = 3_000;
const POLL_HIDDEN_MS = 20_000;
const ECHO_CHECKS_MS = [3_000, 9_000];
const STREAM_TRIES = 3;
function backoff(failures) {
const ceiling = Math.min(30_000, 700 * 2 ** Math.min(failures, 6));
return ceiling / 2 + Math.random() * (ceiling / 2);
}
class Feed {
#api;
#on;
#conversation = null;
#stop = null;
#round = null;
#wake = () => {};
#resting = false;
#restTimer = 0;
known = 0; // every message up to this seq has been handed over
constructor(api, on) {
this.#api = api;
this.#on = on;
}
start(conversation) {
this.stop();
this.#conversation = conversation;
this.known = 0;
this.resume();
}
resume() {
if (!this.#conversation || this.#stop) return;
this.#stop = new AbortController();
this.#loop(this.#stop.signal);
}
stop() {
this.#stop?.abort();
this.#round?.abort();
this.#stop = null;
this.#wake();
}
forget() {
this.stop();
this.#conversation = null;
}
nudge() {
this.#wake();
}
setHidden(hidden) {
clearTimeout(this.#restTimer);
if (hidden) {
this.#restTimer = setTimeout(() => this.#rest(), HIDDEN_GRACE_MS);
return;
}
this.#resting = false;
this.#wake();
}
expect(seq) {
const conversation = this.#conversation;
for (const delay of ECHO_CHECKS_MS) {
setTimeout(() => {
if (this.#conversation !== conversation || this.known > seq) return;
this.#catchUp(conversation).catch(() => {});
}, delay);
}
}
#rest() {
this.#resting = true;
this.#round?.abort();
}
async #loop(signal) {
const conversation = this.#conversation;
let misses = 0; // rounds since a stream last delivered anything
let down = 0; // rounds since anything last worked
const alive = () => {
misses = 0;
down = 0;
};
while (!signal.aborted) {
const streaming = !this.#resting && (misses < STREAM_TRIES || misses % 10 === 0);
try {
if (streaming) await this.#stream(conversation, signal, alive);
else await this.#catchUp(conversation);
down = 0;
} catch (error) {
if (signal.aborted) return;
if (error instanceof ApiError && error.gone) return this.#on.gone(conversation);
down += 1;
}
if (signal.aborted) return;
misses += 1;
if (down) this.#on.link(false);
await this.#pause(this.#delay(down, streaming));
}
}
#delay(down, streaming) {
if (down) return backoff(down);
if (this.#resting) return POLL_HIDDEN_MS;
return streaming ? Math.random() * 500 : POLL_MS;
}
#pause(ms) {
return new Promise((resolve) => {
const timer = setTimeout(resolve, ms);
this.#wake = () => {
clearTimeout(timer);
resolve();
};
});
}
async #stream(conversation, signal, alive) {
const round = new AbortController();
this.#round = round;
let watchdog = setTimeout(() => round.abort(), SILENCE_LIMIT_MS);
const active = () => {
clearTimeout(watchdog);
watchdog = setTimeout(() => round.abort(), SILENCE_LIMIT_MS);
alive();
};
try {
const after = this.known;
const body = await this.#api.stream(conversation, after, round.signal);
const current = { caughtUp: false, early: new Set() };
const read = readEvents(body, (event) => this.#take(event, current), active);
read.catch(() => {});
await this.#catchUp(conversation); // also tells the mode, which a stream need not repeat
current.caughtUp = true;
while (current.early.has(this.known + 1)) this.known += 1;
await read;
} catch (error) {
if (!this.#resting && !signal.aborted) throw error;
} finally {
clearTimeout(watchdog);
round.abort();
}
}
async #catchUp(conversation) {
for (;;) {
const answer = await this.#api.messages(conversation, this.known);
if (conversation !== this.#conversation) return;
this.#on.link(true);
this.#on.messages(answer.messages);
this.#on.mode(answer.mode);
const last = answer.messages.at(-1);
if (last) this.known = Math.max(this.known, last.seq);
if (!last || last.seq >= answer.last_seq) return;
}
}
#take(event, current) {
const data = JSON.parse(event.data);
if (event.type === "mode") this.#on.mode(data.mode);
if (event.type === "typing") this.#on.typing(data);
if (event.type !== "message") return;
this.#on.messages([data]);
if (!current.caughtUp) current.early.add(data.seq);
else if (data.seq <= this.known + 1) this.known = Math.max(this.known, data.seq);
else this.#catchUp(this.#conversation).catch(() => {}); // never step over a gap
}
}
function subjectOf(identity) {
if (!identity) return "guest";
try {
const payload = identity.split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
return `id:${JSON.parse(atob(payload)).sub}`;
} catch {
return `id:${identity}`;
}
}
const QUIET_TRIES = 3; // then the message is shown as not delivered, with a way to try again
const LONGEST_WAIT_S = 60;
function newMessageId() {
const bytes = crypto.getRandomValues(new Uint8Array(12));
return `w-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
class Outbox {
#deliver;
#on;
#queue = [];
#running = false;
constructor(deliver, on) {
this.#deliver = deliver;
this.#on = on;
}
get items() {
return this.#queue.map(({ client_message_id, text, choice_id, at }) => ({
client_message_id,
text,
choice_id,
at,
}));
}
push(item) {
this.#queue.push(item);
for (const waiting of this.#queue) waiting.state = "sending";
this.#on.changed();
this.#run();
}
settle(clientMessageId) {
this.#queue = this.#queue.filter((item) => item.client_message_id !== clientMessageId);
}
retry() {
if (!this.#queue.some((item) => item.state === "failed")) return;
for (const item of this.#queue) item.state = "sending";
this.#on.changed();
this.#run();
}
clear() {
this.#queue = [];
this.#on.changed();
}
async #run() {
if (this.#running) return;
this.#running = true;
try {
while (this.#queue.length && this.#queue[0].state !== "failed") await this.#first();
} finally {
this.#running = false;
}
}
async #first() {
const item = this.#queue[0];
try {
await this.#attempt(item);
this.settle(item.client_message_id);
} catch (error) {
if (!this.#queue.includes(item)) return; // settled or cleared meanwhile
if (error.passing) for (const waiting of this.#queue) waiting.state = "failed";
else {
this.settle(item.client_message_id);
this.#on.refused(item, error);
}
}
this.#on.changed();
}
async #attempt(item) {
for (let failures = 1; ; failures += 1) {
try {
return await this.#deliver(item);
} catch (error) {
const pointless = !error.passing || (!navigator.onLine && error.status === 0);
if (pointless || failures >= QUIET_TRIES || !this.#queue.includes(item)) throw error;
if (error.status === 429) this.#on.slowed(error);
await this.#wait(failures, error);
}
}
}
#wait(failures, error) {
const asked = Math.min(LONGEST_WAIT_S, error.retryAfterSeconds) * 1000;
return new Promise((resolve) => setTimeout(resolve, asked || backoff(failures)));
}
}
class MemoryArea {
#values = new Map();
getItem(key) {
return this.#values.has(key) ? this.#values.get(key) : null;
}
setItem(key, value) {
this.#values.set(key, value);
}
removeItem(key) {
this.#values.delete(key);
}
}
function usableArea(name) {
try {
const area = window[name];
area.setItem("amends:probe", "1");
area.removeItem("amends:probe");
return area;
} catch {
return null;
}
}
class Shelf {
#area;
#prefix;
constructor(area, prefix) {
this.#area = area;
this.#prefix = prefix;
}
keyOf(event) {
if (event.storageArea !== this.#area || !event.key) return null;
return event.key.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : null;
}
read(key) {
try {
return JSON.parse(this.#area.getItem(this.#prefix + key));
} catch {
return null;
}
}
write(key, value) {
try {
if (value === null) this.#area.removeItem(this.#prefix + key);
else this.#area.setItem(this.#prefix + key, JSON.stringify(value));
} catch {
}
}
}
function openStore(server) {
const tab = usableArea("sessionStorage") || new MemoryArea();
const shared = usableArea("localStorage") || tab;
const prefix = `amends:${server}:`;
return { shared: new Shelf(shared, prefix), tab: new Shelf(tab, prefix) };
}
function oneTabAtATime(work) {
return navigator.locks ? navigator.locks.request("amends:create", work) : work();
}
class Transcript {
#bySeq = new Map();
#pending = new Map();
add(message) {
const known = this.#bySeq.has(message.seq);
if (message.client_message_id) this.#pending.delete(message.client_message_id);
this.#bySeq.set(message.seq, message);
return !known;
}
expect(item) {
this.#pending.set(item.client_message_id, item);
}
withdraw(item) {
this.#pending.delete(item.client_message_id);
}
confirm(item, seq) {
this.#pending.delete(item.client_message_id);
if (this.#bySeq.has(seq)) return;
const { client_message_id, text, at } = item;
const blank = { choices: [], card: null, in_reply_to: null, author: null };
this.#bySeq.set(seq, { seq, role: "customer", text, at, client_message_id, ...blank });
}
get pending() {
return [...this.#pending.values()];
}
get delivered() {
return [...this.#bySeq.values()].sort((one, other) => one.seq - other.seq);
}
get entries() {
return [...this.delivered, ...this.pending].map((message) => ({
key: message.client_message_id || `seq-${message.seq}`,
message,
}));
}
get lastSeq() {
return this.#bySeq.size ? Math.max(...this.#bySeq.keys()) : 0;
}
get empty() {
return this.#bySeq.size === 0 && this.#pending.size === 0;
}
get liveChoices() {
if (this.#pending.size) return [];
const latest = this.delivered.filter((message) => message.role !== "system").at(-1);
return latest?.choices || [];
}
unreadAfter(seq) {
const toUs = (message) => message.role === "bot" || message.role === "staff";
return this.delivered.filter((message) => message.seq > seq && toUs(message)).length;
}
get staffName() {
return this.delivered.filter((message) => message.role === "staff").at(-1)?.author || null;
}
}
const TYPING_LIMIT_MS = 30_000;
const BLINK_MS = 1_200; // a connection that is back by then was never worth a word
const RECORD = "conversation"; // shared: {id, token, who, seen, rated}
const UNSENT = "unsent"; // this tab: messages that a reload must not lose
class Session {
#api;
#store;
#on;
#feed;
#outbox;
#identity;
#record = null;
#typingTimer = 0;
#creating = null;
#epoch = 0; // counts conversations left behind, so that late answers are not taken for ours
transcript = new Transcript();
mode = "bot";
typing = null;
linked = true;
loaded = false;
constructor(api, store, visitor, on) {
this.#api = api;
this.#store = store;
this.#identity = visitor.identity;
this.language = visitor.language;
this.#on = on;
this.#feed = new Feed(api, {
messages: (messages) => this.#receive(messages),
mode: (mode) => this.#setMode(mode),
typing: (event) => this.#setTyping(event.active ? event.role : null),
link: (up) => this.#setLink(up),
gone: (conversation) => this.#lost(conversation),
});
this.#outbox = new Outbox((item) => this.#deliver(item), {
changed: () => this.#outboxChanged(),
refused: (item, error) => this.#refused(item, error),
slowed: (error) => on.notice(error.code),
});
}
resume() {
const record = this.#store.shared.read(RECORD);
if (record && record.who !== subjectOf(this.#identity)) {
this.#store.shared.write(RECORD, null);
this.#store.tab.write(UNSENT, null);
} else if (record) this.#adopt(record);
for (const item of this.#store.tab.read(UNSENT) || []) this.#submit(item);
this.loaded = !this.#record;
this.#on.changed();
}
identify(identity) {
const before = subjectOf(this.#identity);
this.#identity = identity;
if (subjectOf(this.#identity) !== before) this.restart();
}
send(text) {
this.#submit({ client_message_id: newMessageId(), text, at: new Date().toISOString() });
}
choose(choice) {
const at = new Date().toISOString();
const chosen = { text: choice.title, choice_id: choice.id };
this.#submit({ client_message_id: newMessageId(), ...chosen, at });
}
retry() {
this.#outbox.retry();
this.#feed.nudge();
}
restart() {
this.#store.shared.write(RECORD, null);
this.#forget();
}
async rate(seq, csat, comment) {
const conversation = this.#record;
await this.#api.survey(conversation, comment ? { csat, comment } : { csat });
this.#remember({ rated: [...(conversation.rated || []), seq] });
}
hasRated(seq) {
return Boolean(this.#record?.rated?.includes(seq));
}
get unread() {
return this.#record ? this.transcript.unreadAfter(this.#record.seen || 0) : 0;
}
markSeen() {
const last = this.transcript.lastSeq;
if (!this.#record || last <= (this.#record.seen || 0)) return;
this.#remember({ seen: last });
this.#on.changed();
}
storageChanged(event) {
if (this.#store.shared.keyOf(event) !== RECORD) return;
const record = this.#store.shared.read(RECORD);
if (record && record.who !== subjectOf(this.#identity)) return;
if (!record) return this.#record ? this.#forget() : undefined;
if (record.id !== this.#record?.id) this.#adopt(record);
else this.#record = record;
this.#on.changed();
}
setHidden(hidden) {
this.#feed.setHidden(hidden);
}
leavePage() {
this.#feed.stop();
}
returnToPage() {
this.#feed.resume();
}
#adopt(record) {
this.#record = record;
this.#startTranscript(this.transcript.pending);
this.loaded = false;
this.#on.reset();
this.#feed.start(record);
}
#forget() {
this.#outbox.clear();
this.#leave([]);
this.linked = true;
this.#on.changed();
}
#leave(unsent) {
this.#epoch += 1;
this.#creating = null;
this.#feed.forget();
this.#record = null;
this.#startTranscript(unsent);
this.mode = "bot";
this.typing = null;
this.loaded = true;
this.#on.reset();
}
#startTranscript(unsent) {
this.transcript = new Transcript();
for (const item of unsent) this.transcript.expect(item);
}
#remember(fields) {
const stored = this.#store.shared.read(RECORD);
const current = stored?.id === this.#record.id ? stored : this.#record;
this.#record = { ...current, ...fields };
this.#store.shared.write(RECORD, this.#record);
}
#submit(said) {
const item = { ...said, role: "customer", author: null };
this.transcript.expect(item);
this.#outbox.push(item);
}
async #deliver(item, again = false) {
const epoch = this.#epoch;
const conversation = this.#record || (await this.#create());
if (epoch !== this.#epoch) return;
const { client_message_id, text, choice_id } = item;
const said = choice_id ? { choice_id } : { text };
try {
const { seq } = await this.#api.post(conversation, { client_message_id, ...said });
if (epoch === this.#epoch) this.#delivered(item, seq);
} catch (error) {
if (!error.gone || again) throw error;
this.#lost(conversation);
await this.#deliver({ ...item, choice_id: undefined }, true); // old answers mean nothing there
}
}
#delivered(item, seq) {
this.transcript.confirm(item, seq);
this.#setLink(true);
this.#feed.expect(seq);
}
#create() {
this.#creating ||= oneTabAtATime(() => this.#createOrJoin()).finally(() => {
this.#creating = null;
});
return this.#creating;
}
async #createOrJoin() {
const epoch = this.#epoch;
const who = subjectOf(this.#identity);
const other = this.#store.shared.read(RECORD);
const record = other?.who === who ? other : { ...(await this.#open()), who };
if (epoch !== this.#epoch) return record;
this.#store.shared.write(RECORD, record);
this.#record = record;
this.#feed.start(record);
return record;
}
async #open() {
const page = location.origin + location.pathname;
const fields = { language: this.language, page };
let answer;
try {
answer = await this.#api.create({ ...fields, identity: this.#identity || undefined });
} catch (error) {
if (!this.#identity || error.passing) throw error;
answer = await this.#api.create(fields); // an expired identity must not silence a complaint
}
return { id: answer.conversation_id, token: answer.token };
}
#lost(conversation) {
if (conversation.id !== this.#record?.id) return;
const stored = this.#store.shared.read(RECORD);
if (stored?.id === conversation.id) this.#store.shared.write(RECORD, null);
this.#leave(this.transcript.pending);
this.#on.notice("renewed");
this.#on.changed();
}
#receive(messages) {
const fresh = messages.filter((message) => {
if (message.client_message_id) this.#outbox.settle(message.client_message_id);
return this.transcript.add(message);
});
if (fresh.some((message) => message.role !== "customer")) this.typing = null;
if (fresh.length) this.#saveUnsent();
this.#on.changed();
if (this.loaded) fresh.forEach((message) => this.#on.message(message));
}
#setMode(mode) {
this.mode = mode;
this.loaded = true;
this.#on.changed();
}
#setTyping(role) {
clearTimeout(this.#typingTimer);
this.typing = role;
if (role) this.#typingTimer = setTimeout(() => this.#setTyping(null), TYPING_LIMIT_MS);
this.#on.changed();
}
#setLink(up) {
if (up && !this.linked) this.#outbox.retry();
if (up === this.linked) return;
this.linked = up;
if (!up) this.typing = null;
setTimeout(() => this.#on.changed(), up ? 0 : BLINK_MS);
}
#refused(item, error) {
this.transcript.withdraw(item);
this.#on.notice(error.code, item.choice_id ? null : item.text);
}
#saveUnsent() {
const items = this.#outbox.items;
this.#store.tab.write(UNSENT, items.length ? items : null);
}
#outboxChanged() {
this.#saveUnsent();
this.#on.changed();
}
}
const EN = {
direction: "ltr",
launcher: "Open the chat",
launcherUnread: (count) =>
count === 1 ? "Open the chat, 1 new message" : `Open the chat, ${count} new messages`,
close: "Close the chat",
dismiss: "Dismiss",
panel: (name) => `Chat with ${name}`,
log: "Conversation",
choices: "Suggested answers",
menu: "More options",
askForPerson: "Ask for a person",
askForPersonMessage: "I would like to talk to a person",
newConversation: "New conversation",
confirmNew: "Start again from the beginning? This chat will leave the window.",
confirmNewYes: "Start a new one",
confirmNewNo: "Keep this one",
modeBot: "Automated assistant",
modeWaiting: "Waiting for a person",
modeStaff: (author) => `${author}, a real person`,
modeStaffUnnamed: "You are talking to a person",
modeClosed: "This conversation has ended",
introTitle: "How can we put it right?",
introText: (name) =>
`This is the automated assistant of ${name}. Tell it in your own words what went wrong. ` +
"You can ask for a person at any time.",
starters: ["My order has not arrived", "Something arrived damaged", "I was charged twice"],
composer: "Your message",
placeholder: "Write a message",
placeholderClosed: "Write to continue",
send: "Send",
left: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
over: (count) => (count === 1 ? "1 character too many" : `${count} characters too many`),
sending: "Sending",
failed: "Not delivered",
retry: "Try again",
you: "You",
assistant: "Assistant",
staff: "Staff",
writing: (who) => `${who} is writing`,
newMessages: "New messages",
today: "Today",
yesterday: "Yesterday",
offline: "You seem to be offline. What you write is kept and sent later.",
reconnecting: "The connection was lost. Trying again.",
renewed: "Your earlier chat is no longer available here. Simply go on writing.",
closedNote: "This conversation has ended. If something is still open, write again.",
caseLabel: "Your case",
caseNext: "Next",
offerLabel: "Our offer",
offerUntil: (when) => `Valid until ${when}`,
offerExpired: (when) => `This offer ended ${when}`,
promiseLabel: "What we promise",
promiseDue: (when) => `by ${when}`,
handoffLabel: "A person will take over",
handoffNext: "You are next in line.",
handoffAhead: (count) =>
count === 1 ? "1 person is ahead of you." : `${count} people are ahead of you.`,
handoffMinutes: (minutes) => {
if (minutes <= 1) return "It should take about a minute.";
if (minutes < 60) return `It should take about ${minutes} minutes.`;
const hours = Math.round(minutes / 60);
return `It may take about ${hours === 1 ? "an hour" : `${hours} hours`}.`;
},
handoffUnknown: "We cannot say yet how long it will take.",
handoffLeave: "You may leave this page. The answer will be here when you come back.",
asOf: (time) => `As of ${time}`,
surveyLabel: "How did we do?",
surveyScaleLabel: "Rating from 1 to 5",
surveyScale: ["Very poor", "Poor", "All right", "Good", "Very good"],
surveyComment: "Anything you would like to add? (optional)",
surveySend: "Send rating",
surveyThanks: "Thank you. Your rating helps us do better.",
surveyPick: "Please choose a number from 1 to 5 first.",
errors: {
text_too_long: "That message is too long. Please shorten it to 2,000 characters.",
empty_message: "That message was empty. Please write a few words.",
too_many_messages: "That was a little fast for us. Your message is sent again in a moment.",
choice_expired: "That answer can no longer be chosen. Please write it instead.",
unknown: "That did not work just now. Please try again in a moment.",
},
};
const TEXTS = { en: EN };
function textsFor(language) {
const tag = language.toLowerCase();
return TEXTS[tag] || TEXTS[tag.split("-")[0]] || EN;
}
const css = ":host {\nall: initial;\n}\n.root {\n--surface: #fff;\n--raised: #f4f5f4;\n--line: #e3e5e4;\n--edge: #868d8a;\n--text: #171a1c;\n--soft: #5b6365;\n--good: #1f7a4d;\n--warn: #9a5b00;\n--bad: #b3261e;\n--shadow: 0 1px 2px rgb(15 25 22 / 6%), 0 8px 20px rgb(15 25 22 / 8%), 0 24px 56px rgb(15 25 22 / 14%);\n--lift: 0 1px 2px rgb(15 25 22 / 12%), 0 6px 18px rgb(15 25 22 / 18%);\n--ease: cubic-bezier(0.2, 0.8, 0.2, 1);\ncolor-scheme: light;\nfont: 400 15px/1.5 system-ui, -apple-system, \"Segoe UI\", Roboto, \"Helvetica Neue\", \"Noto Sans\", Arial, sans-serif;\ncolor: var(--text);\n-webkit-text-size-adjust: 100%;\n-webkit-font-smoothing: antialiased;\n-webkit-tap-highlight-color: transparent;\n}\n.root.dark {\n--surface: #181a1e;\n--raised: #24272c;\n--line: #33373d;\n--edge: #7d858c;\n--text: #eef0f1;\n--soft: #a6adb3;\n--good: #5fc492;\n--warn: #e8b15a;\n--bad: #ff9a90;\n--shadow: 0 0 0 1px rgb(255 255 255 / 7%), 0 24px 64px rgb(0 0 0 / 60%);\n--lift: 0 0 0 1px rgb(255 255 255 / 14%), 0 6px 20px rgb(0 0 0 / 50%);\ncolor-scheme: dark;\n}\n*,\n*::before,\n*::after {\nbox-sizing: border-box;\n}\n[hidden] {\ndisplay: none !important;\n}\nh2,\np,\nul,\nol,\nfieldset {\nmargin: 0;\npadding: 0;\nborder: 0;\n}\nbutton,\ntextarea {\nfont: inherit;\ncolor: inherit;\nmargin: 0;\n}\nbutton {\ncursor: pointer;\ntouch-action: manipulation;\n}\n:focus {\noutline: none;\n}\n:focus-visible {\noutline: 2px solid var(--accent-text);\noutline-offset: 2px;\n}\n.sr {\nposition: absolute;\nwidth: 1px;\nheight: 1px;\noverflow: hidden;\nclip-path: inset(50%);\nwhite-space: nowrap;\n}\n.icon {\nwidth: 20px;\nheight: 20px;\nflex: none;\nfill: none;\nstroke: currentcolor;\nstroke-width: 1.75;\nstroke-linecap: round;\nstroke-linejoin: round;\n}\n.icon-more {\nstroke-width: 2.6;\n}\n.corner {\nposition: fixed;\nz-index: 2147483000;\nright: max(20px, env(safe-area-inset-right));\nbottom: max(20px, env(safe-area-inset-bottom));\ndisplay: flex;\nflex-direction: column;\nalign-items: flex-end;\ngap: 12px;\npointer-events: none;\n}\n.corner > * {\npointer-events: auto;\n}\n.left .corner {\nright: auto;\nleft: max(20px, env(safe-area-inset-left));\nalign-items: flex-start;\n}\n.launcher {\nposition: relative;\ndisplay: grid;\nplace-items: center;\nwidth: 58px;\nheight: 58px;\npadding: 0;\nborder: 1px solid transparent;\nborder-radius: 50%;\nbackground: var(--accent);\ncolor: var(--on-accent);\nbox-shadow: var(--lift);\ntransition: transform 0.2s var(--ease);\n}\n.launcher:hover {\ntransform: translateY(-2px);\n}\n.launcher:active {\ntransform: scale(0.96);\n}\n.launcher:focus-visible {\noutline: 3px solid var(--accent-text);\noutline-offset: 3px;\n}\n.launcher .icon {\ngrid-area: 1 / 1;\nwidth: 26px;\nheight: 26px;\ntransition: opacity 0.18s, transform 0.25s var(--ease);\n}\n.launcher .icon-down,\n.launcher[aria-expanded=\"true\"] .icon-chat {\nopacity: 0;\ntransform: rotate(-30deg) scale(0.6);\n}\n.launcher[aria-expanded=\"true\"] .icon-down {\nopacity: 1;\ntransform: none;\n}\n.badge {\nposition: absolute;\ntop: -3px;\nright: -3px;\nmin-width: 22px;\npadding: 0 6px;\nborder-radius: 11px;\nbackground: #c6281e;\ncolor: #fff;\nfont-size: 12px;\nfont-weight: 650;\nline-height: 22px;\ntext-align: center;\nbox-shadow: 0 0 0 2px var(--surface);\n}\n.teaser {\ndisplay: flex;\nalign-items: center;\nmax-width: min(300px, calc(100vw - 40px));\nborder: 1px solid var(--line);\nborder-radius: 18px;\nbackground: var(--surface);\nbox-shadow: var(--lift);\nanimation: rise 0.4s var(--ease) 0.6s backwards;\n}\n.teaser-text {\npadding: 12px 4px 12px 18px;\nborder: 0;\nborder-radius: 18px;\nbackground: none;\ntext-align: start;\noverflow-wrap: anywhere;\n}\n.panel {\nposition: fixed;\nz-index: 2147483001;\nright: max(20px, env(safe-area-inset-right));\nbottom: calc(max(20px, env(safe-area-inset-bottom)) + 72px);\ndisplay: flex;\nflex-direction: column;\nwidth: 400px;\nheight: min(700px, calc(100vh - 116px));\nheight: min(700px, calc(100dvh - 116px));\noverflow: hidden;\nborder: 1px solid transparent;\nborder-radius: 22px;\nbackground: var(--surface);\nbox-shadow: var(--shadow);\ntransform-origin: bottom right;\nanimation: open 0.28s var(--ease);\n}\n.left .panel {\nright: auto;\nleft: max(20px, env(safe-area-inset-left));\ntransform-origin: bottom left;\n}\n.phone .panel {\ninset: var(--view-top, 0) 0 auto 0;\nwidth: auto;\nheight: 100vh;\nheight: 100dvh;\nmax-height: var(--view-height, 100dvh);\npadding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);\nborder: 0;\nborder-radius: 0;\nanimation-name: rise;\n}\n.phone .panel:not([hidden]) ~ .corner {\ndisplay: none;\n}\n.header {\ndisplay: flex;\nalign-items: center;\ngap: 12px;\nflex: none;\npadding: 14px 10px 14px 18px;\nborder-bottom: 1px solid var(--line);\n}\n[dir=\"rtl\"] .header {\npadding: 14px 18px 14px 10px;\n}\n.avatar {\ndisplay: grid;\nplace-items: center;\nflex: none;\nwidth: 42px;\nheight: 42px;\nborder-radius: 14px;\nbackground: var(--accent);\ncolor: var(--on-accent);\nfont-size: 19px;\nfont-weight: 600;\ntext-transform: uppercase;\n}\n.heading {\nflex: 1;\nmin-width: 0;\n}\nh2 {\noverflow: hidden;\nfont-size: 17px;\nfont-weight: 650;\nletter-spacing: -0.01em;\nline-height: 1.3;\ntext-overflow: ellipsis;\nwhite-space: nowrap;\n}\n.status {\ndisplay: flex;\nalign-items: center;\ngap: 7px;\ncolor: var(--soft);\nfont-size: 13px;\nline-height: 1.4;\n}\n.dot {\nflex: none;\nwidth: 7px;\nheight: 7px;\nborder-radius: 50%;\nbackground: var(--edge);\n}\n.header[data-mode=\"staff\"] .dot {\nbackground: var(--good);\n}\n.header[data-mode=\"waiting\"] .dot {\nbackground: var(--warn);\nanimation: pulse 1.8s ease-in-out infinite;\n}\n.bare {\ndisplay: grid;\nplace-items: center;\nflex: none;\nwidth: 44px;\nheight: 44px;\npadding: 0;\nborder: 0;\nborder-radius: 14px;\nbackground: none;\ncolor: var(--soft);\ntransition: background-color 0.15s, color 0.15s;\n}\n.bare:hover,\n.bare[aria-expanded=\"true\"] {\nbackground: var(--raised);\ncolor: var(--text);\n}\n.bare:focus-visible,\n.menu button:focus-visible {\noutline-offset: -2px;\n}\n.menu-place {\nposition: relative;\nmargin-inline-end: -10px;\n}\n.menu {\nposition: absolute;\nz-index: 2;\ntop: 48px;\ninset-inline-end: 0;\nwidth: 250px;\npadding: 6px;\nborder: 1px solid var(--line);\nborder-radius: 16px;\nbackground: var(--surface);\nbox-shadow: var(--shadow);\nanimation: rise 0.18s var(--ease);\n}\n.menu p {\npadding: 10px 12px 8px;\ncolor: var(--soft);\nfont-size: 14px;\n}\n.menu button {\ndisplay: flex;\nalign-items: center;\ngap: 12px;\nwidth: 100%;\nmin-height: 44px;\npadding: 8px 12px;\nborder: 0;\nborder-radius: 11px;\nbackground: none;\ntext-align: start;\n}\n.menu button:hover {\nbackground: var(--raised);\n}\n.menu .icon {\ncolor: var(--soft);\n}\n.log {\nposition: relative;\nflex: 1;\nmin-height: 0;\n}\n.scroller {\ndisplay: flex;\nflex-direction: column;\nheight: 100%;\npadding: 20px 18px 14px;\noverflow-y: auto;\noverscroll-behavior: contain;\nscrollbar-width: thin;\nscrollbar-color: var(--line) transparent;\n}\n.scroller:focus-visible {\noutline-offset: -3px;\n}\n.intro {\npadding-bottom: 10px;\ncolor: var(--soft);\nfont-size: 14px;\n}\n.intro-title {\nmargin-bottom: 4px;\ncolor: var(--text);\nfont-size: 21px;\nfont-weight: 650;\nletter-spacing: -0.02em;\nline-height: 1.3;\n}\n.list {\ndisplay: flex;\nflex-direction: column;\n}\n.day {\nmargin: 14px 0 2px;\ncolor: var(--soft);\nfont-size: 12px;\ntext-align: center;\n}\n.message {\ndisplay: flex;\nflex-direction: column;\nalign-items: flex-start;\ngap: 4px;\nmargin-top: 14px;\nanimation: rise 0.22s var(--ease);\n}\n.message.customer {\nalign-items: flex-end;\n}\n.message.follows {\nmargin-top: 4px;\n}\n.message.system {\nalign-items: center;\n}\n.who {\npadding: 0 4px;\ncolor: var(--soft);\nfont-size: 12.5px;\nfont-weight: 550;\n}\n.customer .who,\n.follows .who {\nposition: absolute;\nwidth: 1px;\nheight: 1px;\noverflow: hidden;\nclip-path: inset(50%);\n}\n.bubble {\nmax-width: 86%;\npadding: 10px 15px;\nborder: 1px solid transparent;\nborder-radius: 6px 19px 19px;\nbackground: var(--raised);\nwhite-space: pre-wrap;\noverflow-wrap: anywhere;\n}\n.follows .bubble {\nborder-radius: 19px;\n}\n.customer .bubble {\nborder-radius: 19px 6px 19px 19px;\nbackground: var(--accent);\ncolor: var(--on-accent);\n}\n.customer.follows .bubble {\nborder-radius: 19px;\n}\n[dir=\"rtl\"] .message:not(.customer, .follows) .bubble {\nborder-radius: 19px 6px 19px 19px;\n}\n[dir=\"rtl\"] .customer:not(.follows) .bubble {\nborder-radius: 6px 19px 19px;\n}\n.system .bubble {\nmax-width: 94%;\npadding: 4px 10px;\nbackground: none;\ncolor: var(--soft);\nfont-size: 13px;\ntext-align: center;\n}\n.bubble a {\ncolor: inherit;\ntext-underline-offset: 2px;\n}\n.message:not(.customer) a {\ncolor: var(--accent-text);\n}\n.meta {\ndisplay: none;\npadding: 0 4px;\ncolor: var(--soft);\nfont-size: 12px;\n}\n.message:last-child .meta,\n.message:has(+ .message:not(.follows)) .meta,\n[data-state=\"sending\"] .meta,\n[data-state=\"failed\"] .meta {\ndisplay: block;\n}\n.system .meta {\ndisplay: none !important;\n}\n[data-state=\"sending\"] .bubble {\nopacity: 0.75;\n}\n[data-state=\"sending\"] .meta {\nanimation: late 0.2s 0.5s backwards;\n}\n[data-state=\"failed\"] .meta {\ncolor: var(--bad);\n}\n.retry {\nmin-height: 30px;\npadding: 2px 8px;\nborder: 0;\nborder-radius: 8px;\nbackground: none;\ncolor: var(--accent-text);\nfont-weight: 600;\ntext-decoration: underline;\ntext-underline-offset: 3px;\n}\n.choices {\ndisplay: flex;\nflex-wrap: wrap;\ngap: 8px;\nmargin-top: 14px;\n}\n.choice {\nmax-width: 100%;\nmin-height: 40px;\npadding: 7px 16px;\nborder: 1.5px solid var(--accent-text);\nborder-radius: 20px;\nbackground: none;\ncolor: var(--accent-text);\nfont-size: 14.5px;\nfont-weight: 550;\ntext-align: start;\noverflow-wrap: anywhere;\ntransition: background-color 0.15s, color 0.15s, border-color 0.15s;\nanimation: rise 0.25s var(--ease);\n}\n.choice:hover {\nborder-color: var(--accent);\nbackground: var(--accent);\ncolor: var(--on-accent);\n}\n.typing {\ndisplay: flex;\nalign-self: flex-start;\ngap: 5px;\nmargin-top: 14px;\npadding: 15px 16px;\nborder-radius: 6px 19px 19px;\nbackground: var(--raised);\nanimation: rise 0.22s var(--ease);\n}\n.typing span {\nwidth: 7px;\nheight: 7px;\nborder-radius: 50%;\nbackground: var(--soft);\nanimation: pulse 1.2s ease-in-out infinite;\n}\n.typing span:nth-child(2) {\nanimation-delay: 0.15s;\n}\n.typing span:nth-child(3) {\nanimation-delay: 0.3s;\n}\n.log:has(.more:not([hidden]))::after {\ncontent: \"\";\nposition: absolute;\ninset: auto 0 0;\nheight: 72px;\nbackground: linear-gradient(transparent, var(--surface) 85%);\npointer-events: none;\n}\n.more {\nz-index: 1;\nposition: absolute;\nbottom: 10px;\nleft: 50%;\ndisplay: flex;\nalign-items: center;\ngap: 6px;\nmin-height: 36px;\npadding: 4px 16px 4px 12px;\ntransform: translateX(-50%);\nborder: 1px solid var(--line);\nborder-radius: 18px;\nbackground: var(--surface);\nfont-size: 13px;\nfont-weight: 550;\nwhite-space: nowrap;\nbox-shadow: var(--lift);\n}\n.more .icon {\nwidth: 16px;\nheight: 16px;\n}\n.card {\nwidth: min(100%, 320px);\npadding: 14px 16px 16px;\nborder: 1px solid var(--line);\nborder-radius: 18px;\nbackground: var(--surface);\noverflow-wrap: anywhere;\n}\n.card-label {\ndisplay: flex;\nalign-items: center;\ngap: 8px;\nmargin-bottom: 8px;\ncolor: var(--soft);\nfont-size: 13px;\nfont-weight: 550;\n}\n.card-label .icon {\nwidth: 18px;\nheight: 18px;\ncolor: var(--accent-text);\n}\n.card-number {\nfont-size: 20px;\nfont-weight: 650;\nfont-variant-numeric: tabular-nums;\nletter-spacing: 0.01em;\nline-height: 1.3;\nuser-select: all;\n}\n.card-note {\nmargin-top: 6px;\ncolor: var(--soft);\nfont-size: 13.5px;\n}\n.card-strong {\nfont-weight: 550;\n}\n.card-error {\ncolor: var(--bad);\nfont-size: 13.5px;\n}\n.lines,\n.steps {\nlist-style: none;\n}\n.lines li {\ndisplay: flex;\njustify-content: space-between;\nalign-items: baseline;\ngap: 16px;\npadding: 9px 0;\nborder-top: 1px solid var(--line);\n}\n.lines li:first-child {\nborder-top: 0;\n}\n.amount {\nflex: none;\nfont-size: 17px;\nfont-weight: 650;\nfont-variant-numeric: tabular-nums;\n}\n.card-offer .card-note {\nmargin-top: 0;\npadding-top: 9px;\nborder-top: 1px solid var(--line);\n}\n.over .lines {\ncolor: var(--soft);\ntext-decoration: line-through;\n}\n.steps li {\nposition: relative;\ndisplay: flex;\nflex-direction: column;\npadding-block: 3px 10px;\npadding-inline-start: 22px;\n}\n.steps li:last-child {\npadding-bottom: 0;\n}\n.steps li::before {\ncontent: \"\";\nposition: absolute;\ntop: 10px;\ninset-inline-start: 3px;\nwidth: 9px;\nheight: 9px;\nborder: 2px solid var(--accent-text);\nborder-radius: 50%;\n}\n.steps li:not(:last-child)::after {\ncontent: \"\";\nposition: absolute;\ntop: 23px;\nbottom: -6px;\ninset-inline-start: 7px;\nborder-inline-start: 1px solid var(--line);\n}\n.due {\ncolor: var(--soft);\nfont-size: 13.5px;\n}\n.card-survey form {\ndisplay: flex;\nflex-direction: column;\ngap: 10px;\n}\n.scores {\ndisplay: grid;\ngrid-template-columns: repeat(5, 1fr);\ngap: 8px;\n}\n.score {\nposition: relative;\n}\n.score input {\nposition: absolute;\ninset: 0;\nwidth: 100%;\nheight: 100%;\nmargin: 0;\nopacity: 0;\ncursor: pointer;\n}\n.score label {\ndisplay: grid;\nplace-items: center;\nheight: 46px;\nborder: 1.5px solid var(--edge);\nborder-radius: 13px;\nfont-weight: 600;\npointer-events: none;\ntransition: background-color 0.15s, border-color 0.15s;\n}\n.score input:hover + label {\nborder-color: var(--accent-text);\n}\n.score input:checked + label {\nborder-color: var(--accent);\nbackground: var(--accent);\ncolor: var(--on-accent);\n}\n.score input:focus-visible + label {\noutline: 2px solid var(--accent-text);\noutline-offset: 2px;\n}\n.ends {\ndisplay: flex;\njustify-content: space-between;\nmargin-top: 5px;\ncolor: var(--soft);\nfont-size: 12px;\n}\n.comment-label {\ncolor: var(--soft);\nfont-size: 13.5px;\n}\n.card textarea {\nwidth: 100%;\nmargin-top: -6px;\npadding: 9px 12px;\nborder: 1px solid var(--edge);\nborder-radius: 12px;\nbackground: var(--surface);\nresize: vertical;\n}\n.button {\nmin-height: 44px;\npadding: 8px 18px;\nborder: 1px solid transparent;\nborder-radius: 14px;\nbackground: var(--accent);\ncolor: var(--on-accent);\nfont-weight: 600;\n}\n.button:disabled {\nopacity: 0.6;\ncursor: default;\n}\n.notice {\nflex: none;\nmargin: 0 14px 8px;\npadding: 9px 14px;\nborder-radius: 14px;\nbackground: var(--raised);\nfont-size: 13.5px;\nanimation: rise 0.2s var(--ease);\n}\n.composer {\nflex: none;\npadding: 4px 14px 14px;\n}\n.field {\ndisplay: flex;\nalign-items: flex-end;\ngap: 4px;\npadding: 4px;\nborder: 1px solid var(--edge);\nborder-radius: 25px;\nbackground: var(--surface);\ntransition: border-color 0.15s, box-shadow 0.15s;\n}\n.field:focus-within {\nborder-color: var(--accent-text);\nbox-shadow: 0 0 0 1px var(--accent-text);\n}\n.field textarea {\nflex: 1;\nmin-width: 0;\nmax-height: 140px;\npadding: 9px 6px;\npadding-inline-start: 14px;\nborder: 0;\nbackground: none;\nfont-size: 16px; /* anything smaller makes iOS zoom in */\nline-height: 22px;\nresize: none;\nscrollbar-width: thin;\n}\n.field textarea:focus-visible {\noutline: none;\n}\ntextarea::placeholder {\ncolor: var(--soft);\nopacity: 1;\n}\n.send {\ndisplay: grid;\nplace-items: center;\nflex: none;\nwidth: 40px;\nheight: 40px;\npadding: 0;\nborder: 1px solid transparent;\nborder-radius: 50%;\nbackground: var(--accent);\ncolor: var(--on-accent);\ntransition: background-color 0.15s, color 0.15s;\n}\n.send:disabled {\nbackground: var(--raised);\ncolor: var(--soft);\ncursor: default;\n}\n.count {\npadding: 0 14px 5px;\ncolor: var(--soft);\nfont-size: 12.5px;\ntext-align: end;\n}\n.count.over {\ncolor: var(--bad);\nfont-weight: 600;\n}\n@media (pointer: coarse) {\n.send,\n.choice,\n.retry,\n.more {\nmin-height: 44px;\n}\n.send {\nwidth: 44px;\nheight: 44px;\n}\n.choice {\nborder-radius: 22px;\n}\n.field {\nborder-radius: 27px;\n}\n.field textarea {\npadding-block: 11px;\n}\n.card textarea {\nfont-size: 16px;\n}\n}\n@keyframes open {\nfrom {\nopacity: 0;\ntransform: translateY(10px) scale(0.97);\n}\n}\n@keyframes rise {\nfrom {\nopacity: 0;\ntransform: translateY(6px);\n}\n}\n@keyframes late {\nfrom {\nopacity: 0;\n}\n}\n@keyframes pulse {\n50% {\nopacity: 0.35;\n}\n}\n@media (prefers-reduced-motion: reduce) {\n*,\n*::before,\n*::after {\nanimation: none !important;\ntransition: none !important;\n}\n}\n@media (forced-colors: active) {\n.bubble,\n.typing,\n.notice,\n.avatar,\n.dot,\n.badge {\nborder: 1px solid CanvasText;\n}\n.launcher,\n.send,\n.button {\nborder-color: ButtonText;\n}\n.typing span,\n.header[data-mode] .dot {\nbackground: CanvasText;\n}\n.score input:checked + label {\nbackground: Highlight;\ncolor: HighlightText;\nforced-color-adjust: none;\n}\n}\n@media print {\n.root {\ndisplay: none;\n}\n}\n";
const OPEN = "open"; // this tab: the visitor's last word on whether the chat is open
class AmendsWidget extends HTMLElement {
static observedAttributes = ["data-identity", "data-color", "data-theme", "data-position"];
static defaultServer = location.origin;
#parts = null;
#leaving = null;
#returnTo = null;
#queued = false;
connectedCallback() {
if (!this.#parts) this.#build();
this.#listen();
const { session, store } = this.#parts;
session.resume();
if (store.tab.read(OPEN) ?? this.#opensItself) this.#show();
this.#update();
}
disconnectedCallback() {
this.#leaving.abort();
this.#parts.look.drop();
this.#parts.session.leavePage();
this.#parts = null;
this.shadowRoot.replaceChildren();
}
attributeChangedCallback(name, _before, value) {
if (!this.#parts) return;
if (name === "data-identity") this.#parts.session.identify(value || null);
else this.#parts.look.apply();
}
open(text) {
const { panel, store } = this.#parts;
if (text) panel.composer.suggest(String(text));
if (!panel.isOpen) {
this.#returnTo = document.activeElement;
this.#show();
store.tab.write(OPEN, true);
this.#tell("open", {});
}
panel.focus();
}
close() {
const { panel, store } = this.#parts;
store.tab.write(OPEN, false);
if (!panel.isOpen) return;
panel.hide();
this.#update();
this.#giveFocusBack();
this.#tell("close", {});
}
get #opensItself() {
const wanted = "open" in this.dataset && this.dataset.open !== "false";
return wanted && !this.#parts.look.isPhone;
}
#build() {
const { name, greeting, language, identity, server } = this.dataset;
const spoken = language || document.documentElement.lang || "en";
const t = textsFor(spoken);
const origin = new URL(server || AmendsWidget.defaultServer, location.href).origin;
const store = openStore(origin);
const visitor = { identity: identity || null, language: spoken.split("-")[0] };
const session = new Session(new Api(origin), store, visitor, {
changed: () => this.#soon(),
message: (message) => this.#tell("message", { message }),
reset: () => this.#parts?.panel.reset(),
notice: (code, text) => this.#notice(t, code, text),
});
const options = { name: name || location.hostname, store };
const panel = new Panel(t, session, options, { close: () => this.close() });
const launcher = new Launcher(t, greeting, store.tab, {
toggle: () => (panel.isOpen ? this.close() : this.open()),
open: () => this.open(),
});
const root = h("div", { class: "root", lang: spoken, dir: t.direction });
root.append(panel.node, launcher.node);
this.#shadow().replaceChildren(root);
const look = new Look(this, root, (phone) => panel.setModal(phone));
this.#parts = { t, store, session, panel, launcher, look };
}
#shadow() {
if (this.shadowRoot) return this.shadowRoot;
const shadow = this.attachShadow({ mode: "open" });
const sheet = new CSSStyleSheet(); // needs no 'unsafe-inline' in the site's policy
sheet.replaceSync(css);
shadow.adoptedStyleSheets = [sheet];
return shadow;
}
#listen() {
this.#leaving = new AbortController();
const { signal } = this.#leaving;
const { session } = this.#parts;
const on = (target, kind, listener) => target.addEventListener(kind, listener, { signal });
on(window, "storage", (event) => session.storageChanged(event));
on(window, "online", () => session.retry());
on(window, "offline", () => this.#soon());
on(window, "pagehide", () => session.leavePage());
on(window, "pageshow", (event) => event.persisted && session.returnToPage());
on(document, "visibilitychange", () => {
session.setHidden(document.hidden);
this.#soon();
});
}
#show() {
this.#parts.panel.show();
this.#update();
this.#parts.panel.toEnd();
}
#giveFocusBack() {
const target = this.#returnTo;
this.#returnTo = null;
const usable = target?.isConnected && target !== this && target !== document.body;
if (usable) target.focus({ preventScroll: true });
else this.#parts.launcher.focus();
}
#notice(t, code, text) {
if (!this.#parts) return;
const { panel } = this.#parts;
if (text) panel.composer.suggest(text);
panel.say(code === "renewed" ? t.renewed : t.errors[code] || t.errors.unknown);
}
#soon() {
if (this.#queued) return;
this.#queued = true;
queueMicrotask(() => {
this.#queued = false;
if (this.#parts) this.#update();
});
}
#update() {
const { session, panel, launcher } = this.#parts;
panel.update();
if (panel.isOpen && !document.hidden) session.markSeen();
launcher.update(panel.isOpen, session.unread);
}
#tell(kind, detail) {
const options = { detail, bubbles: true, composed: true };
this.dispatchEvent(new CustomEvent(`amends:${kind}`, options));
}
}
const script = document.currentScript || document.querySelector('script[src*="widget.js"]');
function start() {
if (customElements.get("amends-widget")) return; // the script is on the page twice
if (script?.src) AmendsWidget.defaultServer = new URL(script.src).origin;
const chosen = script ? { ...script.dataset } : {};
const placed = document.querySelector("amends-widget");
const widget = placed || document.createElement("amends-widget");
for (const [name, value] of Object.entries(chosen)) widget.dataset[name] ??= value;
customElements.define("amends-widget", AmendsWidget);
customElements.upgrade(widget);
if (!placed) document.body.append(widget);
window.Amends = {
open: (text) => widget.open(text),
close: () => widget.close(),
element: widget,
};
widget.dispatchEvent(new CustomEvent("amends:ready", { bubbles: true, composed: true }));
}
if (document.body) start();
else document.addEventListener("DOMContentLoaded", start);
})();
