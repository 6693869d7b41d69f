import{createRequire as createRequireOfBundle}from"node:module";{const[major,minor]=process.versions.node.split(".").map(
Number);if(major<22||major===22&&minor<19){console.error("inference-gate needs Node.js 24 (22.19 at least), this is "+process.
version+". Install it, or run through npm in a clone, which brings it along.");process.exit(2)}}const require2=createRequireOfBundle(
import.meta.url);var RequestError=class extends Error{name;status;request;response;constructor(message,statusCode,options){
super(message,{cause:options.cause});this.name="HttpError";this.status=Number.parseInt(statusCode);if(Number.isNaN(this.
status)){this.status=0}if("response"in options){this.response=options.response}const requestCopy=Object.assign({},options.
request);if(options.request.headers.authorization){requestCopy.headers=Object.assign({},options.request.headers,{authorization:options.
request.headers.authorization.replace(/(?<! ) .*$/," [REDACTED]")})}requestCopy.url=requestCopy.url.replace(/\bclient_secret=\w+/g,
"client_secret=[REDACTED]").replace(/\baccess_token=\w+/g,"access_token=[REDACTED]");this.request=requestCopy}};export{RequestError};
