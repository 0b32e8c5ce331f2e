// Compiles tryeza.scss and copies the parts of the packages that the product ships.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'

const app = '../tmr_app'
const modules = 'node_modules'
for (const folder of ['static/vendor', 'static/fonts', 'documents/fonts']) {
  mkdirSync(`${app}/${folder}`, { recursive: true })
}

execFileSync(process.execPath, [
  `${modules}/sass/sass.js`, '--load-path=node_modules', '--load-path=.', '--quiet-deps', '--no-error-css',
  '--no-source-map', '--style=compressed', 'tryeza.scss', `${app}/static/vendor/tryeza.css`
], { stdio: 'inherit' })

const script = readFileSync(`${modules}/govuk-frontend/dist/govuk/govuk-frontend.min.js`, 'utf8')
writeFileSync(`${app}/static/vendor/govuk-frontend.min.js`, script
  .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')
  .replaceAll('GOV.UK Frontend', 'The interface kit'))

const web = `${modules}/@fontsource/inter`
for (const face of ['400-normal', '400-italic', '600-normal', '700-normal']) {
  for (const subset of ['latin', 'latin-ext']) {
    copyFileSync(`${web}/files/inter-${subset}-${face}.woff2`, `${app}/static/fonts/inter-${subset}-${face}.woff2`)
  }
}
copyFileSync(`${web}/LICENSE`, `${app}/static/fonts/OFL.txt`)

const paper = `${modules}/@expo-google-fonts/inter`
const faces = { Regular: '400Regular', SemiBold: '600SemiBold', Bold: '700Bold', Italic: '400Regular_Italic' }
for (const [name, folder] of Object.entries(faces)) {
  copyFileSync(`${paper}/${folder}/Inter_${folder}.ttf`, `${app}/documents/fonts/Inter-${name}.ttf`)
}
copyFileSync(`${paper}/LICENSE_FONT`, `${app}/documents/fonts/OFL.txt`)
