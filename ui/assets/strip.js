const WORDS = { done: "set", next: "next step", open: "open" }

function text(kind, content, parent) {
  const node = document.createElement("span")
  node.className = kind
  node.textContent = content
  parent.appendChild(node)
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component
  const list = parentElement.querySelector("ol")
  if (!list) return
  list.replaceChildren()
  for (const stage of data.stages) {
    const item = document.createElement("li")
    item.className = [stage.title.toLowerCase(), stage.state, stage.here ? "here" : ""].join(" ")
    const button = document.createElement("button")
    button.type = "button"
    button.title = [stage.main, ...stage.lines].join("\n")
    if (stage.here) button.setAttribute("aria-current", "step")
    text("kicker", stage.title, button)
    text("main", stage.main, button)
    for (const line of stage.lines) text("line", line, button)
    text("hidden", WORDS[stage.state], button)
    button.onclick = () => setTriggerValue("open", stage.page)
    item.appendChild(button)
    list.appendChild(item)
  }
}
