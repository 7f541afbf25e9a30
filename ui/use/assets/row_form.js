const PATIENCE = 700  // milliseconds after which an answer is not waited for any longer
const NONE = "\u2013 no value \u2013"

function make(kind, name, parent, text) {
  const node = document.createElement(kind)
  if (name) node.className = name
  if (text !== undefined) node.textContent = text
  parent.appendChild(node)
  return node
}

function svg(kind, facts, parent) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", kind)
  for (const [name, value] of Object.entries(facts)) node.setAttribute(name, value)
  parent.appendChild(node)
  return node
}

// The answer along a column: a line over the slider's range, or a bar a level; a mark where the row is.
function drawn(field, curve, value) {
  const { plot } = field
  plot.replaceChildren()
  if (!curve || curve.answers.length < 2) return
  const low = Math.min(...curve.answers), high = Math.max(...curve.answers)
  const y = (answer) => high > low ? 37 - 32 * (answer - low) / (high - low) : 20
  const here = curve.here
  if (curve.places) {
    const points = curve.places.map((place, i) => `${(100 * place).toFixed(2)},${y(curve.answers[i]).toFixed(2)}`)
    svg("polyline", { points: points.join(" "), class: "line" }, plot)
    if (here >= 0) {
      const x = 100 * curve.places[here]
      svg("line", { x1: x, x2: x, y1: 0, y2: 40, class: "rule" }, plot)
    }
  } else {
    const width = 100 / curve.answers.length
    curve.answers.forEach((answer, i) => {
      const top = Math.min(y(answer), 36)
      const bar = svg("rect", { x: i * width + width * 0.1, width: width * 0.8, y: top, height: 40 - top,
        class: i === here ? "bar now" : "bar" }, plot)
      svg("title", {}, bar).textContent = `${curve.names[i]}: ${curve.said[i]}`
    })
  }
  field.ends.textContent = curve.words
}

function shown(field, value) {
  if (field.range) {
    field.box.value = value === null ? "" : value
    if (value !== null) field.range.value = value
    field.range.classList.toggle("none", value === null)
  } else {
    field.box.value = value === null ? "" : value
  }
}

function numberField(facts, row, told) {
  const range = make("input", "range", row)
  Object.assign(range, { type: "range", min: facts.low, max: facts.high, step: facts.step || "any" })
  range.setAttribute("aria-label", facts.name)
  const plot = svg("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none", "aria-hidden": "true" }, row)
  const box = make("input", "box", row.querySelector(".head"))
  Object.assign(box, { type: "number", step: "any", placeholder: "no value" })
  box.setAttribute("aria-label", `${facts.name}, as a number`)
  range.oninput = () => { box.value = range.value; range.classList.remove("none"); told(Number(range.value)) }
  box.oninput = () => {
    if (box.value !== "") range.value = box.value
    range.classList.toggle("none", box.value === "")
    told(box.value === "" ? null : Number(box.value))
  }
  return { range, box, plot }
}

function levelField(facts, row, told) {
  const box = make("select", "wide", row)
  make("option", "", box, NONE).value = ""
  for (const level of facts.levels) make("option", "", box, level.shown).value = level.value
  box.setAttribute("aria-label", facts.name)
  box.onchange = () => told(box.value === "" ? null : facts.numbers ? Number(box.value) : box.value)
  return { box, plot: svg("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none" }, row) }
}

function textField(facts, row, told, place) {
  const box = make("input", "wide", row)
  box.type = facts.kind === "date" ? "date" : "text"
  box.placeholder = "no value"
  box.setAttribute("aria-label", facts.name)
  if (facts.levels.length) {
    const list = make("datalist", "", row)
    list.id = `levels-${place}`
    for (const level of facts.levels) make("option", "", list).value = level.value
    box.setAttribute("list", list.id)
  }
  box.oninput = () => told(box.value === "" ? null : facts.numbers ? Number(box.value) : box.value)
  return { box, plot: svg("svg", { viewBox: "0 0 100 40", preserveAspectRatio: "none" }, row) }
}

function built(root, data, told) {
  root.replaceChildren()
  const fields = {}
  let parent = make("div", "fields", root)
  data.fields.forEach((facts, place) => {
    if (place === data.first) {
      const more = make("details", "", root)
      make("summary", "", more, `${data.fields.length - place} more columns, which matter less`)
      parent = make("div", "fields", more)
    }
    const row = make("div", "field", parent)
    const head = make("div", "head", row)
    const name = make("span", "name", head, facts.name)
    name.title = facts.help
    name.dir = "auto"
    const tell = (value) => told(facts.id, value)
    const kinds = { number: numberField, level: levelField }
    const field = (kinds[facts.kind] || textField)(facts, row, tell, place)
    fields[facts.id] = { ...field, facts, ends: make("div", "ends", row) }
  })
  return fields
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector("div.form")
  if (!root) return
  const state = root.__row ||= { sign: "", start: "", values: {}, sent: 0, waits: 0, open: false }
  const send = () => {
    if (state.waits && performance.now() - state.waits < PATIENCE) { state.open = true; return }
    state.open = false
    state.waits = performance.now()
    state.sent += 1
    setStateValue("row", { values: { ...state.values }, sent: state.sent, start: state.start })
    setTimeout(() => { if (state.open) send() }, PATIENCE + 20)
  }
  state.send = send
  if (state.sign !== data.sign) {
    state.sign = data.sign
    state.start = ""
    state.fields = built(root, data, (id, value) => { state.values[id] = value; state.send() })
  }
  if (state.start !== data.start) {
    state.start = data.start
    state.values = { ...data.values }
    for (const [id, field] of Object.entries(state.fields)) shown(field, state.values[id] ?? null)
  }
  for (const [id, field] of Object.entries(state.fields)) drawn(field, data.curves[id], state.values[id])
  if (data.sent >= state.sent) {
    state.waits = 0
    if (state.open) state.send()
  }
}
