# Rebuild the committed stylesheet, script and fonts. A fresh machine does not need this.
.PHONY: ui
ui:
	cd ui && npm ci --no-audit --no-fund && npm run build
