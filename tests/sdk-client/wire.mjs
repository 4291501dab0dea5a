// HTTPS on connections that are kept: what is sent is sent as it stands, whatever a label says.

import https from "node:https";

export class Wire {
  constructor(origin, authority) {
    this.origin = origin;
    this.agent = new https.Agent({ keepAlive: true, ca: authority });
  }

  /** Sends a request to a path; its answer, read whole. Redirects are answers like all others. */
  ask(method, path, headers = {}, body = undefined) {
    return new Promise((resolve, reject) => {
      const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
      const request = https.request(this.origin + path, { method, agent: this.agent, headers: { ...headers, ...length } }, (response) => {
        const answer = { status: response.statusCode, reason: response.statusMessage, headers: response.headers, text: "" };
        answer.json = () => JSON.parse(answer.text);
        response.setEncoding("utf8");
        response.on("data", (piece) => (answer.text += piece));
        response.on("end", () => resolve(answer));
        response.on("error", reject);
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  close() {
    this.agent.destroy();
  }
}
