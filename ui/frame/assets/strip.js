const WORDS = { done: "set", next: "next step", open: "open" }

function text(kind, content, parent) {
  const node = document.createElement("span")
  node.className = kind
  node.textContent = content.replace("hyperparameter", "hyper\u00adparameter")  // may break where it is too wide
  node.dir = "auto"  // a name is cut at its own end, also where it is read from the right
  parent.appendChild(node)
}

// The server draws charts and the logo in the colours of a theme: when another comes, it has to draw them anew.
function follow(parent, setTriggerValue) {
  const host = parent.host || parent
  const ground = () => getComputedStyle(host).getPropertyValue("--st-background-color").trim()
  const before = ground()
  const look = () => { if (before && ground() !== before) setTriggerValue("theme", ground()) }
  const dark = matchMedia("(prefers-color-scheme: dark)")
  const later = () => setTimeout(look, 150)
  dark.addEventListener("change", later)
  return () => dark.removeEventListener("change", later)
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
  return follow(parentElement, setTriggerValue)
}
