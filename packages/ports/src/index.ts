export { checkPorts, closePorts, connectPorts, type Ports } from './ports.js';
