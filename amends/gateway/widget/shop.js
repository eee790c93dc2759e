/** The demo shop: who you are, your orders, and the chat widget told about it. */

const GUEST = { name: "Guest", email: "", identity: "", orders: [] };
const PERSON = "fernhill:person";

const STATES = {
  on_time: ["On its way", "calm"],
  in_transit: ["On its way", "calm"],
  placed: ["Being packed", "calm"],
  processing: ["Being packed", "calm"],
  late: ["Late", "warn"],
  delayed: ["Late", "warn"],
  lost: ["Missing in the post", "bad"],
  delivered: ["Delivered", "good"],
  cancelled: ["Cancelled", "calm"],
  returned: ["Returned", "calm"],
  refunded: ["Refunded", "good"],
};

const IDEAS = {
  late: (order) => `Order ${order.number} should have been here days ago. Where is it?`,
  lost: (order) => `My parcel ${order.number} never arrived and tracking has stopped.`,
  delivered: (order) => `${order.items[0] || "The item"} from order ${order.number} arrived broken.`,
  cancelled: (order) => `I cancelled order ${order.number} but I was still charged.`,
  returned: (order) => `I sent back order ${order.number} and have not had my refund.`,
  on_time: (order) => `When will order ${order.number} arrive?`,
};
IDEAS.delayed = IDEAS.late;
IDEAS.in_transit = IDEAS.placed = IDEAS.processing = IDEAS.on_time;

const GUEST_IDEAS = [
  "My order has not arrived and nobody answers my emails.",
  "You charged me twice for the same order!",
  "The teapot came with a crack and the lid is missing.",
];

const find = (id) => document.getElementById(id);

function element(tag, properties, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function stored(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // The choice then lasts for this page only.
  }
}

async function loadCustomers() {
  try {
    const response = await fetch("/demo/customers", { credentials: "omit" });
    return response.ok ? await response.json() : [];
  } catch {
    return [];
  }
}

function startWidget(person) {
  const script = document.createElement("script");
  const chosen = {
    name: "Fernhill",
    color: "#26544a",
    language: "en",
    greeting: "Something not right with an order? Tell us.",
  };
  Object.assign(script.dataset, chosen);
  if (person.identity) script.dataset.identity = person.identity;
  script.src = "/widget.js";
  document.body.append(script);
}

function tellWidget(person) {
  const widget = document.querySelector("amends-widget");
  if (!widget) return;
  if (person.identity) widget.dataset.identity = person.identity;
  else delete widget.dataset.identity;
}

function personOption(person, current, pick) {
  const input = element("input", { type: "radio", name: "person", checked: person === current });
  input.addEventListener("change", () => pick(person));
  const count = person.orders.length;
  const orders = count ? `${count} ${count === 1 ? "order" : "orders"}` : "No orders yet";
  const about = person.email ? orders : "Not signed in";
  const label = element("span", { className: "name" }, person.name);
  return element("label", { className: "option" }, input, label, element("small", {}, about));
}

function orderLine(order) {
  const [label, tone] = STATES[order.state] || [order.state.replaceAll("_", " "), "calm"];
  const date = new Date(order.placed_on);
  const placed = Number.isNaN(date.getTime())
    ? order.placed_on
    : date.toLocaleDateString("en", { day: "numeric", month: "long" });
  const items = element("p", { className: "items" }, order.items.join(", "));
  const facts = element("p", { className: "facts" }, `Placed ${placed}, ${order.total}`);
  const number = element("p", { className: "number" }, order.number);
  const state = element("p", { className: `state ${tone}` }, label);
  return element("li", { className: "order" }, number, state, items, facts);
}

function idea(text) {
  const button = element("button", { type: "button", className: "idea" }, text);
  button.addEventListener("click", () => window.Amends?.open(text));
  return element("li", {}, button);
}

function ideasFor(person) {
  const texts = person.orders.flatMap((order) => IDEAS[order.state]?.(order) || []);
  return [...texts.slice(0, 3), ...GUEST_IDEAS].slice(0, Math.max(3, Math.min(4, texts.length + 1)));
}

function show(person) {
  find("person").textContent = person.name;
  find("orders-title").textContent = person.email ? `Orders of ${person.name}` : "Orders";
  const none = element("li", { className: "none" }, "Nobody is signed in, so there are no orders to show. The chat works all the same.");
  const lines = person.orders.map(orderLine);
  find("orders").replaceChildren(...(lines.length ? lines : [none]));
  find("ideas").replaceChildren(...ideasFor(person).map(idea));
}

function countBasket() {
  let count = 0;
  for (const button of document.querySelectorAll(".add")) {
    button.addEventListener("click", () => {
      count += 1;
      find("basket").textContent = String(count);
    });
  }
}

async function start() {
  countBasket();
  find("complain").addEventListener("click", () => window.Amends?.open());
  const people = [GUEST, ...(await loadCustomers())];
  const current = people.find((person) => person.email === stored(PERSON)) || GUEST;
  const pick = (person) => {
    store(PERSON, person.email);
    show(person);
    tellWidget(person);
  };
  find("people").replaceChildren(...people.map((person) => personOption(person, current, pick)));
  show(current);
  startWidget(current);
}

start();
