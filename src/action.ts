// The action's door. Replaced below.
export {}
