# One image for the API, the worker and `weft migrate`; what runs is the command.
FROM node:22-slim AS dependencies
WORKDIR /weft
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM dependencies AS build
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:22-slim
ENV NODE_ENV=production
WORKDIR /weft
COPY --from=build /weft/package.json ./
COPY --from=build /weft/node_modules node_modules
COPY --from=build /weft/.build .build
COPY --from=build /weft/dist dist
COPY migrations migrations
COPY examples examples
USER node
EXPOSE 8700
CMD ["node", "dist/src/server.js"]
